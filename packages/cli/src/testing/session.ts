import { Cleanups } from '../frame/cleanups.ts';
import type { Session } from '../frame/session.ts';
import { coloursOf } from '../terminal/colours.ts';
import { Progress } from '../terminal/progress.ts';

/** A command's session without a terminal; what it prints is kept. */
export class QuietSession implements Session {
  readonly colours = coloursOf({}, {});
  readonly progress = new Progress({ quietMillis: 600_000 });
  readonly cleanups = new Cleanups();
  readonly signal: Session['signal'] = new AbortController().signal;
  readonly env: NodeJS.ProcessEnv;
  readonly width: number;
  printed = '';

  constructor(env: NodeJS.ProcessEnv = {}, width = 80) {
    this.env = env;
    this.width = width;
  }

  print(text: string): void {
    this.printed += `${text}\n`;
  }
}
