import { connect, whereOf } from '../../connection/connect.ts';
import { readTarget } from '../../connection/target.ts';
import { type Ask, asker } from '../../doctor/server/ask.ts';
import type { Session } from '../../frame/session.ts';
import type { DatabaseSamples } from '../result/result.ts';
import { ACTIVITY, type Look, readLook, summarize } from './looks.ts';

const LOOK_MILLIS = 1_000;

/** What the looks at a database found, which go on until they are ended. */
export interface DatabaseWatch {
  /** Looks from now on; what was seen before is forgotten. */
  begin(): void;
  /** What was seen so far. */
  peek(): DatabaseSamples;
  end(): DatabaseSamples;
}

/**
 * Looks at a database's sessions once a second, over one connection of its own.
 *
 * @param url undefined: DATABASE_URL.
 * @throws {UserError} when it can't be reached: whoever asks for it wants to know before the load.
 */
export async function watchDatabase(
  url: string | undefined,
  session: Session,
): Promise<DatabaseWatch> {
  const target = readTarget(url, session.env, { option: '--database' });
  const { client } = await connect(target, 'lifeguard-load', session);
  const ask = asker(client);
  const [row] = await ask("SELECT current_setting('max_connections')::int AS most");
  const most = typeof row?.most === 'number' ? row.most : null;
  const looks = new Looks(ask);
  session.cleanups.add(() => looks.end());
  const summary = () => summarize(looks.seen, looks.problems, { where: whereOf(target), most });
  return {
    begin: () => looks.begin(),
    peek: summary,
    end() {
      looks.end();
      return summary();
    },
  };
}

/** One look after the other: a server that answers slowly is asked less often. */
class Looks {
  readonly #ask: Ask;
  readonly problems: Record<string, number> = {};
  seen: Look[] = [];
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  begin(): void {
    this.seen = [];
    this.#startedAt = performance.now();
    void this.#look();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const at = performance.now();
    try {
      const rows = await this.#ask(ACTIVITY);
      if (this.#isOver) return;
      this.seen.push(readLook((at - this.#startedAt) / 1_000, rows));
    } catch (error) {
      const { message } = error as Error;
      this.problems[message] = (this.problems[message] ?? 0) + 1;
    }
    if (this.#isOver) return;
    const pause = Math.max(0, LOOK_MILLIS - (performance.now() - at));
    this.#timer = setTimeout(() => void this.#look(), pause).unref();
  }
}
