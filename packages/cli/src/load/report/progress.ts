import type { Progress } from '../../terminal/progress.ts';
import { cut, grouped, millis, plural } from '../../terminal/words.ts';
import type { Clock } from '../engine/clock.ts';
import type { Recorder } from '../engine/recorder.ts';
import type { PhaseSettings } from '../result/result.ts';
import { perSecond } from '../result/verdict.ts';

/** A terminal's line changes each second; elsewhere each is a line of its own. */
const LOOK_MILLIS = { terminal: 1_000, pipe: 5_000 };
/** What Progress puts before a line. */
const CLOCK_COLUMNS = 8;

/** Tells how a load goes, in one line. */
export class LoadProgress {
  readonly #progress: Progress;
  readonly #clock: Clock;
  readonly #stream: { readonly isTTY?: boolean; readonly columns?: number };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    progress: Progress,
    clock: Clock,
    stream: { readonly isTTY?: boolean; readonly columns?: number },
  ) {
    this.#progress = progress;
    this.#clock = clock;
    this.#stream = stream;
  }

  watch(settings: PhaseSettings, recorder: Recorder): void {
    this.end();
    const { isTTY, columns = 80 } = this.#stream;
    const show = (line: string) =>
      this.#progress.show(isTTY ? cut(line, columns - CLOCK_COLUMNS) : line);
    const say = () => show(describe(settings, recorder, this.#clock.now()));
    show(`${asked(settings)}: ${recorder.timeline ? 'begins' : 'warming up'}`);
    this.#timer = setInterval(say, isTTY ? LOOK_MILLIS.terminal : LOOK_MILLIS.pipe).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

function describe(settings: PhaseSettings, recorder: Recorder, now: number): string {
  const { timeline, inFlight } = recorder;
  const underWay = `${grouped(inFlight)} under way`;
  if (!timeline) return `${asked(settings)}: warming up, ${underWay}`;
  const { served, failed, p99 } = timeline.recent(now);
  return [
    `${asked(settings)}: ${grouped(served)}/s served`,
    ...(failed > 0 ? [`${grouped(failed)}/s failed`] : []),
    `p99 ${millis(p99)}`,
    underWay,
  ].join(', ');
}

function asked({ rate, workers }: PhaseSettings): string {
  return rate === null ? plural(workers ?? 0, 'worker') : perSecond(rate);
}
