import { Access, type AccessOptions } from '../http/access/access.ts';
import { peerOf } from '../http/access/peer.ts';
import { answer, refuse } from '../http/responses.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Health } from './assess.ts';
import { type HealthReport, httpStatus, reportChecks } from './report.ts';

/** So that a probe is answered within 100 ms whatever the pool does. */
const PATIENCE_MILLIS = 50;
/** Probes come every few seconds from several sides: one sign of life serves all of a moment. */
const FRESH_MILLIS = 2_000;
const METHODS = 'GET, HEAD';

export interface HealthOptions extends AccessOptions {
  /** How old a sign of life may be to answer with, in milliseconds. Default 2 000. */
  readonly freshMillis?: number | undefined;
  /** Told to those who may see details. */
  readonly releaseId?: string | undefined;
  readonly serviceId?: string | undefined;
  /** For tests. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** A probe's answer. `context`: what the framework hands over besides, such as Hono's `c.env`. */
export type HealthHandler = (request: Request, context?: unknown) => Promise<Response>;

export interface HealthHandlers {
  /** The process runs. Asks nobody, and looks at no pool: a restart would mend nothing there. */
  readonly liveness: HealthHandler;
  /** Callers can be served: 200, or 503 while the database does not answer or the process is going. */
  readonly readiness: HealthHandler;
  /** 503 until the database has answered once, 200 for ever after. */
  readonly startup: HealthHandler;
}

/**
 * Answers for probes, to be mounted where they ask: `application/health+json`, 200 or 503, never cached.
 *
 * Whoever shows the token or sits at this machine sees the checks; all others the status alone.
 *
 * @throws {TypeError} when the token is too short to be one.
 */
export function createHealth(monitor: Monitor, options: HealthOptions = {}): HealthHandlers {
  const { env = process.env, freshMillis = FRESH_MILLIS, releaseId, serviceId } = options;
  const access = new Access(options, env, () => Date.now());
  const about = {
    ...(serviceId !== undefined && { serviceId }),
    ...(releaseId !== undefined && { releaseId }),
  };
  const check = () => monitor.check({ freshMillis, patienceMillis: PATIENCE_MILLIS });

  const handler =
    (look: () => Promise<Health>): HealthHandler =>
    async (request, context) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return refuse(405, `Only ${METHODS} are allowed.`, { allow: METHODS });
      }
      const health = await look();
      const seesAll = await maySeeAll(access, request, context);
      return respond(
        seesAll
          ? { status: health.status, ...about, checks: reportChecks(health.checks, new Date()) }
          : { status: health.status },
      );
    };

  let hasStarted = false;
  return {
    liveness: handler(async () => ({ status: 'pass', checks: {} })),
    readiness: handler(check),
    startup: handler(async () => {
      if (hasStarted) return { status: 'pass', checks: {} };
      const health = await check();
      hasStarted = monitor.hasAnswered;
      return hasStarted ? health : { ...health, status: 'fail' };
    }),
  };
}

async function maySeeAll(access: Access, request: Request, context: unknown): Promise<boolean> {
  if (access.isForeign(request)) return false;
  try {
    return (await access.grant(request, peerOf(context))) !== undefined;
  } catch {
    // The application's own check has failed: a probe is answered all the same.
    return false;
  }
}

function respond(report: HealthReport): Response {
  const type = 'application/health+json; charset=utf-8';
  return answer(httpStatus(report), type, JSON.stringify(report), { 'cache-control': 'no-store' });
}
