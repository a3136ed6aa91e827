import { Access, type AccessOptions } from '../http/access/access.ts';
import { peerOf } from '../http/access/peer.ts';
import { answer, refuse } from '../http/responses.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { collect } from './collect.ts';
import { CONTENT_TYPES, type Exposition, toPrometheus } from './prometheus.ts';

const METHODS = 'GET, HEAD';

export interface MetricsOptions extends AccessOptions {
  /** Lets everybody read who reaches the address, as on a port that only the cluster sees. Default: false. */
  readonly open?: boolean | undefined;
  /** For tests. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** `context`: what the framework hands over besides, such as Hono's `c.env`. */
export type MetricsHandler = (request: Request, context?: unknown) => Promise<Response>;

/**
 * An address for Prometheus to scrape, without an SDK: OpenMetrics where it is asked for, else the text
 * format 0.0.4. Closed to all but loopback or the token, unless `open`.
 *
 * @throws {TypeError} when the token is too short to be one.
 */
export function createMetrics(monitor: Monitor, options: MetricsOptions = {}): MetricsHandler {
  const { env = process.env, open = false } = options;
  const access = new Access(options, env, () => Date.now());
  return async (request, context) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(405, `Only ${METHODS} are allowed.`, { allow: METHODS });
    }
    if (access.isForeign(request)) return refuse(403, 'Another site may not ask.');
    try {
      if (!open && !(await access.grant(request, peerOf(context)))) {
        return refuse(401, 'Show the token: "Authorization: Bearer …" (LIFEGUARD_TOKEN).', {
          'www-authenticate': 'Bearer realm="lifeguard"',
        });
      }
      const exposition = expositionFor(request.headers.get('accept'));
      const body = toPrometheus(collect(monitor.totals()), exposition);
      return answer(200, CONTENT_TYPES[exposition], body, { vary: 'accept' });
    } catch {
      return refuse(500, 'The metrics could not be read.');
    }
  };
}

function expositionFor(accept: string | null): Exposition {
  return accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text';
}
