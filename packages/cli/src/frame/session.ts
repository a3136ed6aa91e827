import { type Colours, coloursOf } from '../terminal/colours.ts';
import { Progress } from '../terminal/progress.ts';
import { widthOf } from '../terminal/width.ts';
import { Cleanups } from './cleanups.ts';
import { complain } from './complain.ts';
import { EXIT } from './exit-codes.ts';
import { interrupted } from './interrupt.ts';

/** What takes no longer says nothing of its progress. */
const QUIET_MILLIS = 1_000;

/** What a command runs in. */
export interface Session {
  readonly env: NodeJS.ProcessEnv;
  /** Of stdout: none unless it is a terminal, by NO_COLOR and FORCE_COLOR. */
  readonly colours: Colours;
  /** Columns of stdout. */
  readonly width: number;
  /** On stderr, once the command has taken longer than a second. */
  readonly progress: Progress;
  /** Undone at the end, in reverse order, however the command ends. */
  readonly cleanups: Cleanups;
  /** Aborted at the first Ctrl-C; the command need not watch it to be ended. */
  readonly signal: AbortSignal;
  /** Writes to stdout, below whatever progress was shown. */
  print(text: string): void;
}

interface SessionOptions {
  /** At Ctrl-C the work is not left where it stands: it hears it by `signal`, and soon tells what it has. */
  readonly finishes?: boolean;
  /** The work deals with signals itself: it passes them on to somebody else. */
  readonly passesSignals?: boolean;
}

/**
 * Runs a command's work, undoes what it registered, and sets the exit code, which may be another program's.
 * Ctrl-C ends it after the clean-up; a second one at once.
 */
export async function runInSession(
  work: (session: Session) => Promise<number>,
  { finishes = false, passesSignals = false }: SessionOptions = {},
): Promise<void> {
  const progress = new Progress({ quietMillis: QUIET_MILLIS });
  const cleanups = new Cleanups();
  const abort = new AbortController();
  const session: Session = {
    env: process.env,
    colours: coloursOf(process.stdout, process.env),
    width: widthOf(process.stdout, process.env),
    progress,
    cleanups,
    signal: abort.signal,
    print(text) {
      progress.end();
      console.log(text);
    },
  };
  const interruption = passesSignals
    ? new Promise<never>(() => {})
    : interrupted().then(() => {
        abort.abort();
        return EXIT.interrupted;
      });
  const outcome = work(session).catch(async (error: unknown): Promise<number> => {
    // What an interruption pulls away from under the work makes it complain of nothing.
    if (abort.signal.aborted) return EXIT.interrupted;
    progress.end();
    return complain(error);
  });
  try {
    process.exitCode = await (finishes ? outcome : Promise.race([outcome, interruption]));
  } finally {
    progress.end();
    await cleanups.run();
  }
  // The work may still stand somewhere: nobody waits for it now.
  if (abort.signal.aborted) process.exit();
}
