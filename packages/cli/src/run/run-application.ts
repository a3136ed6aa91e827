import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMonitor } from '@lifeguard/monitor';
import { interrupted } from '../frame/interrupt.ts';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import { servePage } from '../page/serve.ts';
import { coloursOf } from '../terminal/colours.ts';
import { widthOf } from '../terminal/width.ts';
import type { RunOptions } from './command.ts';
import { renderJson } from './format/json.ts';
import { renderText } from './format/text.ts';
import { Inbox } from './inbox.ts';
import { type End, environmentFor, launch, type RunMode } from './launch.ts';
import { Moments } from './moments.ts';
import { RemotePools } from './remote-pools.ts';
import { type RunSummary, summarize } from './summary.ts';

/** The compiled one: Node.js loads it, not we. */
const PRELOAD = fileURLToPath(new URL('./inside/preload.cjs', import.meta.url));
/** What the application has started may take so long to end after it. */
const LAST_WORDS_MILLIS = 1_000;

/** Runs the command, watched; tells how it went, and returns its exit code. */
export async function runApplication(
  words: readonly string[],
  options: RunOptions,
  session: Session,
): Promise<number> {
  const { cleanups, env } = session;
  checkOutput(options.output);
  let end: End | undefined;
  let running: ReturnType<typeof launch> | undefined;
  // The first to be registered, and so the last to be done.
  cleanups.add(() => {
    running?.release();
    endLike(end);
  });
  const inbox = await Inbox.open();
  cleanups.add(() => inbox.close());
  const watched = watch(inbox);
  cleanups.add(() => watched.monitor.stop());
  const page = options.dashboard
    ? await servePage(watched.monitor, options.port, cleanups)
    : undefined;

  const mode: RunMode = options.protect ? 'protect' : 'observe';
  say(
    `${mode === 'observe' ? 'measuring the pools' : 'protecting the pools'} of ${basename(words[0] ?? '')}${page ? `; dashboard: ${page}` : ''}`,
  );
  const startedAt = new Date();
  running = launch(words, environmentFor(env, mode, inbox.folder, PRELOAD));
  end = await running.ended;
  const endedAt = new Date();
  if (end.kind === 'not started') {
    say(end.why);
    return end.exitCode;
  }
  await inbox.emptied(LAST_WORDS_MILLIS);
  const summary = summarize({
    program: basename(words[0] ?? ''),
    mode,
    startedAt,
    endedAt,
    end,
    processes: inbox.sources,
    pools: watched.pools.all,
    unwatched: watched.pools.unwatched,
    hasPg: watched.pools.hasPg,
    moments: watched.moments(),
    incidents: watched.monitor.incidents(),
    stillRunning: inbox.present.map(({ program, pid }) => `${program} (${pid})`),
  });
  tell(summary, options, session);
  if (options.keepOpen && page) {
    say(`the dashboard stays at ${page} until Ctrl-C`);
    await interrupted();
  }
  return end.exitCode;
}

function watch(inbox: Inbox) {
  const pools = new RemotePools(inbox);
  const monitor = createMonitor({ pools: () => pools.shown() }).start();
  const moments = new Map<string, Moments>();
  // What is watched from its first moment on has a beginning to be compared with.
  pools.on('found', () => void monitor.pools);
  pools.on('reported', (pool) => {
    let seen = moments.get(pool.name);
    if (!seen) {
      seen = new Moments(pool.name);
      moments.set(pool.name, seen);
    }
    seen.note(pool.stats(), Date.now());
  });
  // After each look at the last reports the next ones are asked for: a look is never without a new one.
  monitor.on('tick', () => inbox.ask());
  return { pools, monitor, moments: () => [...moments.values()].flatMap((one) => one.all()) };
}

function tell(summary: RunSummary, options: RunOptions, session: Session): void {
  const { output } = options;
  const { stderr } = process;
  const width = widthOf(stderr, session.env);
  if (output !== undefined) {
    const plain = coloursOf({}, { NO_COLOR: '1' });
    const text = options.json ? renderJson(summary) : renderText(summary, width, plain);
    try {
      writeFileSync(output, `${text}\n`);
      say(`the summary is in ${output}`);
    } catch (error) {
      // The disk may be full by now: what was seen is told all the same, and the exit code stays the application's.
      say(`${(error as Error).message}\n\n${text}`);
    }
  } else if (options.json) {
    session.print(renderJson(summary));
  } else {
    stderr.write(`\n${renderText(summary, width, coloursOf(stderr, session.env))}\n`);
  }
}

/** Before anything runs, rather than when its summary would be lost. */
function checkOutput(file: string | undefined): void {
  if (file === undefined) return;
  try {
    writeFileSync(file, '');
  } catch (error) {
    throw new UserError(`--output ${file} can’t be written (${(error as Error).message})`);
  }
}

/** Whoever started us, a shell above all, is to see what it would have seen without us. */
function endLike(end: End | undefined): void {
  if (end?.kind !== 'killed' || process.platform === 'win32') return;
  const isOrdinary = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].includes(end.signal);
  if (isOrdinary) process.kill(process.pid, end.signal);
}

/** stdout is the application's. */
function say(text: string): void {
  process.stderr.write(`lifeguard: ${text}\n`);
}
