/** Delays of the two directions, in ms. */
export interface Delays {
  toServer?: number;
  toClient?: number;
}

/** What can be done to a connection; to all of them, present and future, when asked of the proxy. */
export interface Faults {
  /** Delays both directions by so many ms each, or each by its own; bytes stay in order. */
  delay(millis: number | Delays): void;
  /** Limits each direction's bandwidth. */
  throttle(bytesPerSecond: number): void;
  /** Lets so many more bytes through from the server to the client, then closes the connection. */
  truncate(bytes: number): void;
  /**
   * Lets neither side hear from the other again, nor of its end: what a lost route or a crashed machine
   * leaves behind. Connections made later are not affected.
   */
  halfOpen(): void;
  /** Swallows every byte both ways; on the proxy, later connections are taken and never answered, too. */
  blackHole(): void;
  /** Breaks the connection with a TCP reset to both sides. Later connections are not affected. */
  reset(): void;
}

/** @throws RangeError for a delay that is not a number of ms from 0 on. */
export function requireDelays(delays: number | Delays): void {
  const all = typeof delays === 'number' ? [delays] : [delays.toServer ?? 0, delays.toClient ?? 0];
  for (const millis of all) {
    if (!(millis >= 0 && Number.isFinite(millis))) {
      throw new RangeError(`A delay is a number of ms from 0 on, not ${millis}`);
    }
  }
}

/** @throws RangeError for a bandwidth of nothing, which is what halfOpen() is for. */
export function requireBandwidth(bytesPerSecond: number): void {
  if (!(bytesPerSecond > 0)) {
    throw new RangeError(
      `A bandwidth is a number of bytes/s above 0, not ${bytesPerSecond}; to stop all bytes use halfOpen()`,
    );
  }
}
