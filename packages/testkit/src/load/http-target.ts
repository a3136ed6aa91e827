import { Pool } from 'undici';
import type { LoadContext } from './load-recorder.ts';

export interface HttpTargetOptions {
  /** Scheme, host and port, for example `http://127.0.0.1:3000`. */
  origin: string;
  /** Default GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Or a function of the request's context, for requests that differ. */
  path: string | ((context: LoadContext) => string);
  /** Or a function of the request's context, for requests that differ. */
  body?: string | ((context: LoadContext) => string);
  /** Or a function of the request's context, for requests that differ. */
  headers?: Record<string, string> | ((context: LoadContext) => Record<string, string>);
  /** From the first byte sent to the last one received; default 30 000. */
  timeoutMillis?: number;
  /** Most connections, kept alive between requests; default as many as there are requests in flight. */
  connections?: number;
}

/** One HTTP request as the `run` of a load, with the connections that it uses. */
export interface HttpTarget {
  (context: LoadContext): Promise<void>;
  close(): Promise<void>;
}

/** A request that was not served, with the kind that a load counts it under: `http 503`, `timeout`. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  readonly kind: string;

  constructor(kind: string) {
    super(`The request was not served: ${kind}`);
    this.kind = kind;
  }
}

/**
 * Makes the `run` function of a load over HTTP: the whole answer is read; a status of 400 or more, a
 * timeout and a broken connection are failures.
 */
export function httpTarget(options: HttpTargetOptions): HttpTarget {
  const { origin, method = 'GET', path, body, headers, timeoutMillis = 30_000 } = options;
  const pool = new Pool(origin, {
    connections: options.connections ?? null,
    // Our own timeout, to the millisecond and over the whole request.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function run(context: LoadContext): Promise<void> {
    const abort = new AbortController();
    const giveUp = () => abort.abort(new RequestFailure('unfinished'));
    const timer = setTimeout(() => abort.abort(new RequestFailure('timeout')), timeoutMillis);
    context.signal.addEventListener('abort', giveUp, { once: true });
    try {
      const response = await pool.request({
        path: typeof path === 'string' ? path : path(context),
        method,
        signal: abort.signal,
        ...(body !== undefined && { body: typeof body === 'string' ? body : body(context) }),
        ...(headers && { headers: typeof headers === 'function' ? headers(context) : headers }),
      });
      // Unlike dump(), reading rejects when the connection breaks within the body.
      for await (const _ of response.body);
      if (response.statusCode >= 400) throw new RequestFailure(`http ${response.statusCode}`);
    } finally {
      clearTimeout(timer);
      context.signal.removeEventListener('abort', giveUp);
    }
  }
  return Object.assign(run, { close: () => pool.destroy() });
}
