import type { CallContext } from '../context/context.ts';
import type { RequestScope } from '../context/request-scope.ts';
import { summarize } from '../statement/summarize.ts';
import type { FanOutStats } from './pool-stats.ts';

/** From so many statements of one text at once in one request, it is a fan-out (Sentry's five). */
export const FAN_OUT_FROM = 5;
const MOST_FAN_OUTS = 100;

interface FanOut {
  readonly route: string;
  readonly owner: string;
  readonly text: string;
  requests: number;
  peak: number;
  /** Requests that were counted: the number under way goes up and down within one. */
  readonly counted: WeakSet<RequestScope>;
}

/** Remembers which requests had many statements of one text under way at once. */
export class FanOuts {
  #seen: Map<string, FanOut> | undefined;

  /** `underWay`: how many statements of this text the request has under way now. */
  notice(context: CallContext, text: string, underWay: number): void {
    if (underWay < FAN_OUT_FROM || !context.request) return;
    const { route } = context.request;
    const key = `${route}\n${text}`;
    this.#seen ??= new Map();
    let fanOut = this.#seen.get(key);
    if (!fanOut) {
      if (this.#seen.size >= MOST_FAN_OUTS) return;
      const owner = context.owner?.label ?? 'one statement';
      fanOut = { route, owner, text, requests: 0, peak: 0, counted: new WeakSet() };
      this.#seen.set(key, fanOut);
    }
    if (!fanOut.counted.has(context.request)) {
      fanOut.counted.add(context.request);
      fanOut.requests++;
    }
    if (underWay > fanOut.peak) fanOut.peak = underWay;
  }

  list(): FanOutStats[] {
    return [...(this.#seen?.values() ?? [])]
      .map(({ text, counted: _, ...rest }) => ({ ...rest, statement: summarize(text) }))
      .sort((a, b) => b.requests * b.peak - a.requests * a.peak);
  }
}
