import type { Clock } from '../clock.ts';
import type { CallContext } from '../context/context.ts';
import type { RepeatedStatement } from '../context/repeats.ts';
import { describeFinding, type Finding, Findings } from './findings.ts';
import { patternOf } from './pattern.ts';
import type { FanOutStats, NPlusOneStats } from './pool-stats.ts';

/** Where no request is known. */
const TRANSACTION = 'one transaction';

/** Told of what was not known before. */
export interface RepeatedEvents {
  fanOut(found: FanOutStats): void;
  nPlusOne(found: NPlusOneStats): void;
}

/** Follows what requests and transactions send more than once. */
export class Repeated {
  readonly #isOn: boolean;
  readonly #clock: Clock;
  readonly #events: RepeatedEvents | undefined;
  readonly #fanOuts = new Findings('at-once');
  readonly #nPlusOnes = new Findings('in-turn');

  constructor(clock: Clock, events?: RepeatedEvents, isOn = true) {
    this.#isOn = isOn;
    this.#clock = clock;
    this.#events = events;
  }

  /** A statement is sent; its end is told to what this returns. */
  begin(
    context: CallContext | undefined,
    shape: string,
    inCheckout = false,
  ): RepeatedStatement | undefined {
    if (!this.#isOn) return undefined;
    const { request, hold, owner } = context ?? {};
    const repeats = request?.repeats ?? (inCheckout ? hold?.repeats : undefined);
    const statement = repeats?.begin(shape, owner, this.#clock, inCheckout);
    if (!statement) return undefined;
    const pattern = patternOf(statement);
    const route = request?.route ?? TRANSACTION;
    if (pattern === 'at-once') {
      const found = this.#fanOuts.notice(route, statement);
      if (found) this.#events?.fanOut(fanOutOf(found));
    } else if (pattern === 'in-turn') {
      const found = this.#nPlusOnes.notice(route, statement);
      if (found) this.#events?.nPlusOne(nPlusOneOf(found));
    }
    return statement;
  }

  fanOuts(): FanOutStats[] {
    return this.#fanOuts.list().map(fanOutOf);
  }

  nPlusOnes(): NPlusOneStats[] {
    return this.#nPlusOnes.list().map(nPlusOneOf);
  }
}

function fanOutOf(finding: Finding): FanOutStats {
  const { most, route, owner, site, statement, requests, call, rewrite } = describeFinding(finding);
  return { route, owner, site, statement, requests, peak: most, call, rewrite };
}

function nPlusOneOf(finding: Finding): NPlusOneStats {
  const { call, rewrite, ...rest } = describeFinding(finding);
  return { ...rest, call, rewrite };
}
