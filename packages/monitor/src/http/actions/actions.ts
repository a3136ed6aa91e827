/** What the page can do to a pool or its server, once it is switched on. */
export type ActionName = 'reset' | 'terminate' | 'reclaim';

const NAMES: readonly string[] = ['reset', 'terminate', 'reclaim'] satisfies ActionName[];

export interface Action {
  readonly name: ActionName;
  readonly pool: string;
  /** The server process to end, for `terminate`. */
  readonly pid?: number | undefined;
  /** The checkout to end, for `reclaim`: its `id` among the holders. */
  readonly checkout?: number | undefined;
}

/** Carries out what was asked for; says in a sentence what came of it. */
export type Act = (action: Action) => Promise<string>;

const LARGEST_PID = 2 ** 31 - 1;

/** What the query of a POST asks for; a text says what is wrong with it. */
export function readAction(query: URLSearchParams): Action | string {
  const pool = query.get('pool') ?? '';
  const name = query.get('action') as ActionName;
  if (!NAMES.includes(name)) return 'There is no such action.';
  if (pool === '') return 'Say which pool is meant.';
  const confirmed = query.get('confirm');
  if (name === 'reset') return confirmed === pool ? { name, pool } : askToConfirm(pool);
  const of = name === 'terminate' ? 'pid' : 'checkout';
  const number = Number(query.get(of));
  const largest = name === 'terminate' ? LARGEST_PID : Number.MAX_SAFE_INTEGER;
  if (!(Number.isInteger(number) && number > 0 && number <= largest)) {
    return name === 'terminate'
      ? 'Say which server process is meant, by its pid.'
      : 'Say which checkout is meant, by its id.';
  }
  return confirmed === String(number) ? { name, pool, [of]: number } : askToConfirm(String(number));
}

function askToConfirm(expected: string): string {
  return `Confirm it: "confirm" must be "${expected}".`;
}
