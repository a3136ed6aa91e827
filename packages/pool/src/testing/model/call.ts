import type { Pace, StatementProfile } from '../../statement/profiles.ts';

/** What the pool was asked for, and what has become of it. */
export interface Call {
  /** The statement gives it back, so that an answer is known by whom it belongs to. */
  readonly id: string;
  readonly kind: StatementKind | 'checkout' | 'session';
  /** Of a statement on the shared lane; the others want a whole connection. */
  readonly profile: StatementProfile | undefined;
  readonly deadline: number;
  /** `refused`: at once, which it learns in a moment. */
  state: 'waiting' | 'under way' | 'refused' | 'settled';
  /** While this one, a short one, was waiting, so many younger ones were served that are not. */
  overtaken: number;
}

export type StatementKind =
  | 'short'
  | 'medium'
  | 'long'
  /** Its text was never seen. */
  | 'literal'
  | 'failing'
  /** A value of it can't be sent. */
  | 'unserialisable'
  /** It opens a transaction on the shared lane, which nothing that is classified does. */
  | 'rogue';

/** What was learnt of a text before the pool was opened; undefined: nothing. */
const LEARNT_MILLIS: Readonly<Partial<Record<StatementKind, number>>> = {
  short: 1,
  medium: 30,
  long: 300,
  failing: 1,
  unserialisable: 1,
};

export const LEARNT = Object.entries(LEARNT_MILLIS).map(([kind, millis]) => ({
  text: textOf(kind as StatementKind, ''),
  millis,
}));

export function textOf(kind: StatementKind, id: string): string {
  switch (kind) {
    case 'literal':
      return `SELECT ${id} AS id`;
    case 'failing':
      return 'SELECT $1::int AS id WHERE fails';
    case 'rogue':
      return 'BEGIN';
    default:
      return `SELECT $1::int AS id -- ${kind}`;
  }
}

export function valuesOf(kind: StatementKind, id: string): unknown[] | undefined {
  if (kind === 'literal') return undefined;
  if (kind !== 'unserialisable') return [id];
  const toPostgres = () => {
    throw new TypeError(`statement ${id} has a value that can't be sent`);
  };
  return [id, { toPostgres }];
}

/** In which of the three queues it stands; without a shared lane there is one. */
export function queueOf(multiplex: boolean, { profile }: Call): 'short' | 'alone' | 'whole' {
  if (!multiplex) return 'whole';
  const pace: Pace = profile?.pace ?? 'long';
  return ({ short: 'short', medium: 'alone', long: 'whole' } as const)[pace];
}
