/** One number that a case measures of each peer. */
export interface Figure {
  readonly name: string;
  readonly unit: '/s' | 'ms' | 'µs' | 'bytes' | '';
  readonly better: 'more' | 'less';
}

/** What we aim for. It is reported, and nothing fails by it: machines differ. */
export interface Goal {
  readonly figure: string;
  /** The peer whose figure ours is divided by, or the best of them; left out for ours as it is. */
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The difference to the peer's figure, in the figure's unit, and not their ratio. */
  readonly atMostMore?: number;
}

/** What a measurement is given. */
export interface Setup {
  /** Of the server, by way of the network if the case has one. */
  readonly url: string;
  /** How long to measure. */
  readonly seconds: number;
}

/** Measured values by the names of the figures. */
export type Values = Readonly<Record<string, number>>;

/** What is measured beside the peers for scale: it is no pool, and no goal speaks of it. */
export interface Reference {
  readonly name: string;
  /** @throws when it is not to be had here, in one line. */
  measure(setup: Setup): Promise<Values>;
}

/** The name of our own pool among the peers of every case. */
export const LIFEGUARD = 'Lifeguard';

/** One comparison. */
export interface Case {
  readonly name: string;
  /** What is done, in half a line. */
  readonly title: string;
  /** The first is the one that counts most. */
  readonly figures: readonly Figure[];
  readonly peers: readonly string[];
  readonly goals: readonly Goal[];
  /** Default none. It may measure a part of the figures. */
  readonly reference?: Reference;
  /** Round trip in ms that is put between the pool and the server; default none. */
  readonly networkMillis?: number;
  /** What it needs in the database: `items` (the default), the storefront's tables, or no server. */
  readonly needs?: 'items' | 'shop' | 'nothing';
  /** Measures one peer, warmed up, in a process that does nothing else and ends then. */
  measure(peer: string, setup: Setup): Promise<Values>;
}
