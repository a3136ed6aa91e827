import { hostname } from 'node:os';
import type { Clock } from '../clock.ts';
import type { IncidentChange } from '../incidents/incident-log.ts';
import type { PoolTotals } from '../monitor/totals.ts';
import { type Logger, type LogLine, writeTo } from './logger.ts';
import { MinuteLine } from './minute-line.ts';
import { lineOf } from './notice.ts';
import { Restraint } from './restraint.ts';
import { type SlowRecord, slowLine } from './slow-log.ts';
import { Webhook, type WebhookOptions } from './webhook.ts';

export interface DeliveryOptions {
  /** Where incidents and a line a minute are written: pino, `console`, or whatever has these methods. Default: nowhere. */
  readonly logger?: Logger | undefined;
  /** Whether a line about each pool is written once a minute, when it has done anything. Default true. */
  readonly minuteLine?: boolean | undefined;
  /** Addresses that are told of incidents as JSON, with a `text` as Slack wants it. */
  readonly webhooks?: readonly WebhookOptions[] | undefined;
}

interface Setup {
  readonly clock: Clock;
  readonly totals: () => readonly PoolTotals[];
  readonly problem: (error: Error) => void;
}

const MINUTE_MILLIS = 60_000;
/** A log is read by people: what comes back within minutes is no news. */
const RESTRAINT = { repeatMillis: 300_000, perMinute: 30 };

/** Tells those who do not ask: the log, and the webhooks. */
export class Delivery {
  readonly #logger: Logger | undefined;
  readonly #webhooks: readonly Webhook[];
  readonly #restraint = new Restraint(RESTRAINT);
  readonly #wantsMinuteLine: boolean;
  readonly #setup: Setup;
  #minuteLine: MinuteLine | undefined;
  #isStarted = false;
  #admittedAt = Number.NEGATIVE_INFINITY;

  constructor({ logger, minuteLine = true, webhooks = [] }: DeliveryOptions, setup: Setup) {
    const { clock, problem } = setup;
    this.#logger = logger;
    this.#wantsMinuteLine = minuteLine;
    this.#setup = setup;
    const process = { pid: globalThis.process.pid, host: hostname() };
    this.#webhooks = webhooks.map(
      (options) => new Webhook(options, { process, clock, failed: problem }),
    );
  }

  start(): void {
    this.#isStarted = true;
    for (const webhook of this.#webhooks) webhook.start();
    if (!this.#logger || !this.#wantsMinuteLine) return;
    this.#minuteLine = new MinuteLine(this.#setup.clock.now(), this.#setup.totals());
  }

  stop(): void {
    this.#isStarted = false;
    this.#minuteLine = undefined;
    for (const webhook of this.#webhooks) webhook.stop();
  }

  tell(change: IncidentChange): void {
    if (!this.#isStarted) return;
    for (const webhook of this.#webhooks) webhook.tell(change);
    if (this.#logger && this.#restraint.allows(change, this.#setup.clock.now())) {
      this.#write(lineOf(change));
    }
  }

  tellSlow(record: SlowRecord): void {
    if (this.#isStarted) this.#write(slowLine(record));
  }

  tick(): void {
    const now = this.#setup.clock.now();
    for (const line of this.#minuteLine?.lines(now, this.#setup.totals) ?? []) this.#write(line);
    this.#admitHeldBack(now);
  }

  /** Once a minute at most: it is told for the same reason for which they were not. */
  #admitHeldBack(now: number): void {
    if (now - this.#admittedAt < MINUTE_MILLIS) return;
    const heldBack = this.#restraint.takeHeldBack();
    if (heldBack === 0) return;
    this.#admittedAt = now;
    const text = `${heldBack} more incidents began or ended than a log should have in a minute`;
    this.#write({ level: 'warn', text, details: { heldBack } });
  }

  /** What a logger throws is its own affair: the monitor goes on. */
  #write(line: LogLine): void {
    if (!this.#logger) return;
    try {
      writeTo(this.#logger, line);
    } catch (error) {
      this.#setup.problem(error as Error);
    }
  }
}
