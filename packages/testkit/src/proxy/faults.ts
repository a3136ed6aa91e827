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
