import type { Comparison } from './comparison.ts';
import type { IncidentResult } from './run-incident.ts';
import { tell } from './tell.ts';

/** Raised when a field changes its meaning or goes. */
const SCHEMA_VERSION = 1;

/** The results for programs. Times are in milliseconds. */
export function toJson(comparison: Comparison, results: readonly IncidentResult[]): string {
  return JSON.stringify(
    {
      version: SCHEMA_VERSION,
      compared: comparison,
      incidents: results.map((result) => ({
        name: result.incident.name,
        title: result.incident.title,
        connectionLimit: result.connectionLimit,
        told: tell(result),
        report: result.report,
        variants: result.variants.map(({ variant, connections, streams }) => ({
          variant: variant.name,
          connections,
          streams: streams.map(({ stream, load: { histograms: _, ...load } }) => ({
            stream,
            ...load,
          })),
        })),
      })),
    },
    undefined,
    2,
  );
}
