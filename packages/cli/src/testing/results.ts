import type { Incident as ReportedIncident } from '@lifeguard/monitor';
import type { Incident } from '@lifeguard/storefront';
import type { LoadResult } from '@lifeguard/testkit';
import type { IncidentResult } from '../demo/run-incident.ts';
import { variants } from '../demo/variants.ts';

export type MadeUpLoad = Partial<Omit<LoadResult, 'latencyMillis'>> & {
  readonly p50?: number;
  readonly p99?: number;
};

/** A load that served ten, with what a test says otherwise. */
export function madeUpLoad({ p50 = 1, p99 = 2, ...rest }: MadeUpLoad = {}): LoadResult {
  const { served = 10, failed = 0 } = rest;
  const latencyMillis = { p50, p90: p99, p99, p999: p99, max: p99, mean: p50 };
  return {
    model: 'closed',
    offered: served + failed,
    started: served + failed,
    served,
    failed,
    errors: {},
    durationSeconds: 1,
    throughput: served,
    latencyMillis,
    failedLatencyMillis: latencyMillis,
    worstMillis: p99,
    histograms: { served: 'an encoded histogram', failed: 'an encoded histogram' },
    ...rest,
  };
}

/** One incident of two streams: shoppers who ask again when answered, visitors who come by the clock. */
export const madeUpIncident: Incident = {
  name: 'checkout',
  title: 'A payment call inside a transaction',
  story: 'Told elsewhere.',
  connectionLimit: 5,
  streams: [
    {
      name: 'checkout',
      method: 'POST',
      arrival: { kind: 'closed', users: 60 },
      path: () => '/api/checkout',
    },
    {
      name: 'product pages',
      method: 'GET',
      arrival: { kind: 'open', requestsPerSecond: 100 },
      path: () => '/api/products/1',
    },
  ],
};

export const madeUpReport: ReportedIncident = {
  kind: 'idle-in-transaction',
  title: '$transaction holds a connection for 321 ms and uses it for 14 ms',
  evidence: ['96 % of its hold time had no statement under way'],
  cause: 'The transaction waits for something else.',
  remedy: 'Make the call outside.',
  weight: 1_000,
};

/** `loads`: for each variant, one of each stream. */
export function madeUpResult(
  loads: readonly (readonly [checkout: MadeUpLoad, pages: MadeUpLoad])[],
  report: readonly ReportedIncident[] = [madeUpReport],
): IncidentResult {
  return {
    incident: madeUpIncident,
    streams: madeUpIncident.streams,
    connectionLimit: 5,
    report,
    variants: variants.map((variant, index) => {
      const [checkout, pages] = loads[index] ?? [{}, {}];
      return {
        variant,
        connections: index + 3,
        streams: [
          { stream: 'checkout', load: madeUpLoad(checkout) },
          { stream: 'product pages', load: madeUpLoad({ model: 'open', ...pages }) },
        ],
      };
    }),
  };
}
