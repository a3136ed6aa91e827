import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import type { LoadOptions } from './command.ts';
import { checkFiles, deliver } from './deliver.ts';
import { type Clock, systemClock } from './engine/clock.ts';
import type { Failure, Send } from './engine/request.ts';
import { type LoadPlan, planOf } from './plan/plan.ts';
import { renderJson } from './report/json.ts';
import { LoadProgress } from './report/progress.ts';
import { renderText } from './report/text.ts';
import { assemble } from './result/assemble.ts';
import type { LoadResult } from './result/result.ts';
import { runPhases } from './run-phases.ts';
import { readUrl, shownUrl } from './target/address.ts';
import { httpTarget } from './target/http-target.ts';
import { findAddress } from './target/reach.ts';
import { type RequestTemplate, readRequest } from './target/request.ts';

export async function runLoad(
  text: string | undefined,
  options: LoadOptions,
  session: Session,
): Promise<ExitCode> {
  if (text === undefined)
    throw new UserError('no URL given: lifeguard load http://127.0.0.1:3000/path');
  const plan = planOf(options);
  await checkFiles(options);
  const url = readUrl(text);
  const request = await readRequest(url, options);
  const address = await findAddress(url, options.iOwnThisHost);
  const { connections } = plan;
  const target = httpTarget({ url, address, request, connections, insecure: options.insecure });
  session.cleanups.add(() => target.close());
  const samples = await startSampling(options, session);
  const run = await measure(plan, target.send, systemClock, session, options, samples);
  const result = assemble({
    plan,
    target: targetOf(url, request),
    ...run,
    ...samples.end(),
    interrupted: session.signal.aborted,
    redirectedTo: target.redirectedTo,
  });
  await deliver(options, session, {
    text: () => renderText(result, session),
    json: () => renderJson(result),
    html: async () => (await import('./html/report-page.ts')).reportPage(result),
  });
  if (session.signal.aborted) return EXIT.interrupted;
  if (isOutOfReach(result)) return EXIT.unreachable;
  return result.thresholds.some(({ crossed }) => crossed) ? EXIT.findings : EXIT.ok;
}

/** Not one answer came, of any status. */
function isOutOfReach({ phases, failures }: LoadResult): boolean {
  const answers = phases.flatMap(({ statuses }) => Object.keys(statuses));
  return answers.length === 0 && failures.length > 0;
}

async function measure(
  plan: LoadPlan,
  send: Send,
  clock: Clock,
  session: Session,
  { json }: LoadOptions,
  samples: Samples,
) {
  const failures = new Map<string, Failure>();
  const progress =
    json === true ? undefined : new LoadProgress(session.progress, clock, process.stderr);
  let startedAt = new Date();
  try {
    const phases = await runPhases({
      plan,
      send: noting(send, failures),
      clock,
      signal: session.signal,
      onBegin: () => {
        startedAt = new Date();
        samples.begin();
      },
      onPhase: (settings, recorder) => progress?.watch(settings, recorder),
    });
    return { ...phases, failures, startedAt };
  } finally {
    progress?.end();
  }
}

interface Samples {
  /** Counting begins: seconds count from here. */
  begin(): void;
  end(): Pick<LoadResult, 'database' | 'monitor'>;
}

/** Of the database and the application's pool, where somebody asked for them. */
async function startSampling(options: LoadOptions, session: Session): Promise<Samples> {
  const { database, monitor } = options;
  const [sessions, pools] = await Promise.all([
    database === undefined
      ? undefined
      : import('./sample/database.ts').then(({ watchDatabase }) =>
          watchDatabase(database === true ? undefined : database, session),
        ),
    monitor === undefined
      ? undefined
      : import('./sample/monitor.ts').then(({ watchMonitor }) => watchMonitor(monitor, session)),
  ]);
  return {
    begin() {
      sessions?.begin();
      pools?.begin();
    },
    end: () => ({ database: sessions?.end() ?? null, monitor: pools?.end() ?? null }),
  };
}

/** Keeps one failure of each kind, for what it means. */
function noting(send: Send, failures: Map<string, Failure>): Send {
  return (listener) =>
    send({
      onSent: () => listener.onSent(),
      onEnd(outcome) {
        if (!outcome.ok && !failures.has(outcome.failure.kind)) {
          failures.set(outcome.failure.kind, outcome.failure);
        }
        listener.onEnd(outcome);
      },
    });
}

function targetOf(url: URL, { method, body, headers }: RequestTemplate) {
  return {
    url: shownUrl(url),
    method,
    bodyBytes: body?.length ?? 0,
    headers: Object.keys(headers),
  };
}
