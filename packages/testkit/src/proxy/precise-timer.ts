/** From so long before its time a timer is looked at in every turn of the event loop. */
const LAST_MILLIS = 2;
/** How long a process naps between two turns: a tenth of what a short network delay lasts. */
const NAP_MILLIS = 0.1;

const lastMoments = new Map<PreciseTimer, number>();
const alarm = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
let isLooking = false;
let naps = false;

/**
 * From now on this process sleeps between two looks at the clock, instead of taking a whole core from those
 * whose network it is. Only for one that does nothing else: whatever comes meanwhile waits as well.
 */
export function napBetweenLooks(): void {
  naps = true;
}

function lookSoon(): void {
  if (isLooking || lastMoments.size === 0) return;
  isLooking = true;
  setImmediate(look);
}

function look(): void {
  isLooking = false;
  if (naps) nap();
  const now = performance.now();
  for (const [timer, dueAt] of lastMoments) {
    if (dueAt > now) continue;
    lastMoments.delete(timer);
    timer.onTime();
  }
  lookSoon();
}

function nap(): void {
  let next = Infinity;
  for (const dueAt of lastMoments.values()) next = Math.min(next, dueAt);
  const millis = Math.min(NAP_MILLIS, next - performance.now());
  if (millis > 0) Atomics.wait(alarm, 0, 0, millis);
}

/**
 * A timer that is late by far less than the millisecond that Node.js's own are late by, which would be
 * half of a short network delay: the last part is spent looking at the clock between events.
 */
export class PreciseTimer {
  readonly onTime: () => void;
  #timeout: NodeJS.Timeout | undefined;

  constructor(onTime: () => void) {
    this.onTime = onTime;
  }

  /** Calls once when that moment of performance.now() has come; replaces what was set before. */
  set(dueAt: number): void {
    this.clear();
    const remaining = dueAt - performance.now();
    if (remaining < LAST_MILLIS) {
      lastMoments.set(this, dueAt);
      lookSoon();
    } else {
      this.#timeout = setTimeout(() => this.set(dueAt), remaining - 1);
    }
  }

  clear(): void {
    clearTimeout(this.#timeout);
    lastMoments.delete(this);
  }
}
