import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import type { RequestListener, Send } from '../engine/request.ts';
import { AnswerFailures, failureOfError, READ_BYTES } from './failures.ts';
import type { RequestTemplate } from './request.ts';

const CONNECT_MILLIS = 10_000;

export interface HttpTargetOptions {
  readonly url: URL;
  /** The only one that is connected to. */
  readonly address: LookupAddress;
  readonly request: RequestTemplate;
  /** Most at once, kept open between requests. */
  readonly connections: number;
  /** Takes any certificate. */
  readonly insecure: boolean;
}

export interface HttpTarget {
  readonly send: Send;
  /** Where the answers that were redirections led first; they are not followed. */
  readonly redirectedTo: string | undefined;
  close(): Promise<void>;
}

/** One request over HTTP/1.1, again and again, over connections that are kept. */
export function httpTarget(options: HttpTargetOptions): HttpTarget {
  const { url, address, request, connections, insecure } = options;
  const pool = new Pool(url.origin, {
    connections,
    // The load has its own time-out, over the whole request.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { lookup: always(address), timeout: CONNECT_MILLIS, rejectUnauthorized: !insecure },
  });
  const failures = new AnswerFailures();
  const seen: { redirectedTo: string | undefined } = { redirectedTo: undefined };
  const dispatched = {
    path: request.path,
    method: request.method as Dispatcher.HttpMethod,
    headers: { ...request.headers },
    body: request.body ?? null,
  };
  return {
    send(listener) {
      const exchange = new Exchange(listener, failures, seen);
      try {
        pool.dispatch(dispatched, exchange);
      } catch (error) {
        exchange.onResponseError(undefined, error as Error);
      }
      return () => exchange.giveUp();
    },
    get redirectedTo() {
      return seen.redirectedTo;
    },
    close: () => pool.destroy(),
  };
}

/** One request and its answer, as undici tells of it. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #listener: RequestListener;
  readonly #failures: AnswerFailures;
  readonly #seen: { redirectedTo: string | undefined };
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #body = '';
  #isOver = false;

  constructor(
    listener: RequestListener,
    failures: AnswerFailures,
    seen: { redirectedTo: string | undefined },
  ) {
    this.#listener = listener;
    this.#failures = failures;
    this.#seen = seen;
  }

  giveUp(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.abort(new Error('given up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Its user left while it waited for a connection: it is not sent at all.
    if (this.#isOver) controller.abort(new Error('given up'));
    else this.#listener.onSent();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    if (status >= 300 && status < 400) this.#seen.redirectedTo ??= String(headers.location ?? '');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#status >= 400 && this.#body.length < READ_BYTES) this.#body += chunk.toString('utf8');
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const status = this.#status;
    this.#listener.onEnd(
      status >= 400
        ? { ok: false, failure: this.#failures.of(status, this.#body) }
        : { ok: true, status },
    );
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onEnd({ ok: false, failure: failureOfError(error) });
  }
}

/** Answers every question with the address that was found, and allowed, before the load began. */
function always({ address, family }: LookupAddress): LookupFunction {
  return (_, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
