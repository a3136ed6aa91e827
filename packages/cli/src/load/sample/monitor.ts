import { request } from 'undici';
import { EXIT } from '../../frame/exit-codes.ts';
import type { Session } from '../../frame/session.ts';
import { UserError } from '../../frame/user-error.ts';
import type { MonitorSamples } from '../result/result.ts';
import { readUrl, shownUrl } from '../target/address.ts';
import { MonitorTally, type Snapshot } from './monitor-tally.ts';
import { eventsOf } from './server-events.ts';

/** The monitor tells something every second. */
const SILENCE_MILLIS = 10_000;

export interface MonitorWatch {
  /** Counts from now on. */
  begin(): void;
  /** What was heard so far. */
  peek(): MonitorSamples;
  end(): MonitorSamples;
}

/**
 * Listens to what the application's monitor tells, as its dashboard does: one event a second.
 *
 * @param text where the dashboard is mounted. `LIFEGUARD_TOKEN` is shown to it, where there is one.
 * @throws {UserError} when there is none.
 */
export async function watchMonitor(text: string, session: Session): Promise<MonitorWatch> {
  const url = readUrl(text, '--monitor');
  const where = shownUrl(url);
  url.searchParams.set('events', '');
  const abort = new AbortController();
  session.cleanups.add(() => abort.abort());
  const tally = new MonitorTally(where);
  const body = await open(url, where, session.env.LIFEGUARD_TOKEN, abort.signal);
  void listen(body, tally, abort.signal);
  return {
    begin: () => tally.begin(performance.now()),
    peek: () => tally.result(),
    end: () => {
      abort.abort();
      return tally.result();
    },
  };
}

async function open(
  url: URL,
  where: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const refuse = (why: string) =>
    new UserError(`--monitor ${where}: ${why}.`, { exitCode: EXIT.unreachable });
  const answer = await request(url, {
    signal,
    headersTimeout: SILENCE_MILLIS,
    bodyTimeout: SILENCE_MILLIS,
    headers: {
      accept: 'text/event-stream',
      ...(token && { authorization: `Bearer ${token}` }),
    },
  }).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw refuse(`it can’t be reached (${code ?? message})`);
  });
  const { statusCode, headers, body } = answer;
  if (statusCode === 200 && String(headers['content-type']).startsWith('text/event-stream')) {
    return body;
  }
  body.on('error', () => {}).destroy();
  if (statusCode === 401 || statusCode === 403) {
    throw refuse('it asks for its token: set LIFEGUARD_TOKEN as the application has it');
  }
  throw refuse(`no dashboard of Lifeguard is mounted there (status ${statusCode})`);
}

async function listen(
  body: AsyncIterable<Uint8Array>,
  tally: MonitorTally,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { name, data } of eventsOf(body)) {
      if (name !== 'state') continue;
      const { snapshot } = JSON.parse(data) as { snapshot: Snapshot };
      tally.add(performance.now(), snapshot);
    }
    if (!signal.aborted) tally.problem = 'it ended its answer';
  } catch (error) {
    if (!signal.aborted) tally.problem = (error as Error).message;
  }
}
