/** What the page can do to a pool or its server, once it is switched on. */
export type ActionName = 'reset' | 'terminate';

export interface Action {
  readonly name: ActionName;
  readonly pool: string;
  /** The server process to end, for `terminate`. */
  readonly pid?: number | undefined;
}

/** Carries out what was asked for; says in a sentence what came of it. */
export type Act = (action: Action) => Promise<string>;

const LARGEST_PID = 2 ** 31 - 1;

/** What the query of a POST asks for; a text says what is wrong with it. */
export function readAction(query: URLSearchParams): Action | string {
  const pool = query.get('pool') ?? '';
  const name = query.get('action');
  if (name !== 'reset' && name !== 'terminate') return 'There is no such action.';
  if (pool === '') return 'Say which pool is meant.';
  const pid = Number(query.get('pid'));
  if (name === 'terminate' && !(Number.isInteger(pid) && pid > 0 && pid <= LARGEST_PID)) {
    return 'Say which server process is meant, by its pid.';
  }
  const confirmed = query.get('confirm');
  const expected = name === 'reset' ? pool : String(pid);
  if (confirmed !== expected) return `Confirm it: "confirm" must be "${expected}".`;
  return name === 'reset' ? { name, pool } : { name, pool, pid };
}
