import type { Clock } from '../clock.ts';
import type { IncidentChange, IncidentRecord } from '../incidents/incident-log.ts';
import type { Severity } from '../incidents/kinds.ts';
import { Restraint } from './restraint.ts';

export interface WebhookOptions {
  /** Where to send it: `https://hooks.slack.com/…`, say. It is a secret, and is never told. */
  readonly url: string;
  /** Further headers, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Less severe incidents are not sent. Default `warning`. */
  readonly severity?: Severity | undefined;
  /** Whether it is told when they are over. Default true. */
  readonly over?: boolean | undefined;
  /** What is sent instead of a {@link WebhookMessage}, as JSON. */
  readonly body?: ((message: WebhookMessage) => unknown) | undefined;
  /** How long an answer is waited for, in milliseconds. Default 5 000. */
  readonly timeoutMillis?: number | undefined;
}

export interface WebhookMessage {
  readonly version: 1;
  readonly type: IncidentChange['type'];
  /** The whole in a few lines, under the name that Slack, Mattermost and Google Chat read. */
  readonly text: string;
  readonly incident: IncidentRecord;
  readonly process: { readonly pid: number; readonly host: string };
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];
const TIMEOUT_MILLIS = 5_000;
/** Between attempts; after the last one the message is given up. */
const PAUSES_MILLIS: readonly number[] = [1_000, 5_000, 30_000];
/** Messages that wait while one is sent; the oldest are given up for newer ones. */
const MOST_WAITING = 50;
/** A page that comes and goes should not become a message each minute. */
const RESTRAINT = { repeatMillis: 300_000, perMinute: 20 };

export interface WebhookSetup {
  readonly process: WebhookMessage['process'];
  readonly clock: Clock;
  /** Told what could not be delivered; the text names no path, which may be a secret. */
  readonly failed: (error: Error) => void;
}

/** Sends incidents to an address, one after the other: each a few times at most, and never endlessly many. */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #setup: WebhookSetup;
  readonly #where: string;
  readonly #restraint = new Restraint(RESTRAINT);
  #waiting: WebhookMessage[] = [];
  #isSending = false;
  #isStopped = false;
  #wake: (() => void) | undefined;

  /** @throws {TypeError} when the address is none of HTTP. */
  constructor(options: WebhookOptions, setup: WebhookSetup) {
    this.#options = options;
    this.#setup = setup;
    const address = URL.canParse(options.url) ? new URL(options.url) : undefined;
    if (address?.protocol !== 'https:' && address?.protocol !== 'http:') {
      throw new TypeError('webhooks: url must be an address that begins with https:// or http://');
    }
    this.#where = `the webhook at ${address.origin}`;
  }

  tell(change: IncidentChange): void {
    const { severity = 'warning', over = true } = this.#options;
    const { incident } = change;
    if (SEVERITIES.indexOf(incident.severity) < SEVERITIES.indexOf(severity)) return;
    if (change.type === 'over' && !over) return;
    if (!this.#restraint.allows(change, this.#setup.clock.now())) return;
    const { process } = this.#setup;
    this.#waiting.push({
      version: 1,
      type: change.type,
      text: textOf(change, process),
      incident,
      process,
    });
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#setup.failed(new Error(`${this.#where} is too slow: the oldest message was given up`));
    }
    if (!this.#isSending) void this.#sendAll();
  }

  /** From now on it can be told again. */
  start(): void {
    this.#isStopped = false;
  }

  /** Sends no more; what is on its way arrives. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting = [];
    this.#wake?.();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (;;) {
      const message = this.#waiting.shift();
      if (!message) break;
      const problem = await this.#deliver(message);
      if (problem) this.#setup.failed(problem);
    }
    this.#isSending = false;
  }

  async #deliver(message: WebhookMessage): Promise<Error | undefined> {
    let problem: Error | undefined;
    for (const pause of [0, ...PAUSES_MILLIS]) {
      if (pause > 0) await this.#pause(pause);
      if (this.#isStopped) return undefined;
      const outcome = await this.#post(message);
      if (outcome === 'delivered') return undefined;
      problem = new Error(`${this.#where} ${outcome.problem}`);
      if (!outcome.mayHelp) return problem;
    }
    return problem;
  }

  async #post(
    message: WebhookMessage,
  ): Promise<'delivered' | { problem: string; mayHelp: boolean }> {
    const { url, headers, body, timeoutMillis = TIMEOUT_MILLIS } = this.#options;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body ? body(message) : message),
        // Somebody else's address must not get what was meant for this one.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMillis),
      });
      await response.body?.cancel();
      const { ok, status } = response;
      if (ok) return 'delivered';
      return { problem: `answered ${status}`, mayHelp: status === 429 || status >= 500 };
    } catch (error) {
      return { problem: reasonOf(error), mayHelp: true };
    }
  }

  /** Ends early when the webhook is stopped. */
  #pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#setup.clock.after(millis, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** fetch's own text may hold the address. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return 'did not answer in time';
  return typeof cause?.code === 'string' ? `failed: ${cause.code}` : 'could not be reached';
}

const SIGNS: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', info: '🔵' };

function textOf({ type, incident }: IncidentChange, { host }: WebhookMessage['process']): string {
  const { kind, pool, title, evidence, remedy, count, lastSeen, severity } = incident;
  const where = `${kind} in pool ${pool} on ${host}`;
  if (type === 'over') return `✅ ${where} is over since ${lastSeen}: ${title} (${count} in all)`;
  return [
    `${SIGNS[severity]} ${where}: ${title}`,
    ...evidence.map((line) => `• ${line}`),
    `What to do: ${remedy}`,
  ].join('\n');
}
