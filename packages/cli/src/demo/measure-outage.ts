import type { Incident } from '@lifeguard/storefront';
import type { LoadResult } from '@lifeguard/testkit';
import type { Application } from './application.ts';
import type { OutageSwitch } from './database.ts';
import { applyLoad } from './load.ts';
import type { Measure, Measured, MeasureSettings } from './measured.ts';

/** What the load meets, one after the other, in one outage for each application. */
export const PHASES = {
  before: 'before it',
  away: 'while the server is away',
  after: 'after its return',
} as const;

/** The time after the return is that of so many rounds. */
const AFTER_PER_ROUND = 2;

/** One outage for each application, with the same load before, while the server is away, and after its return. */
export const measureOutage: Measure = async (incident, applications, settings) => {
  const [stream] = incident.streams;
  const { outage } = settings.database;
  if (!stream || !outage)
    throw new Error('an outage needs a stream, and a server of the demo’s own');
  const of = new Map<Application, Measured>();
  for (const application of applications) {
    settings.progress(`${incident.name}: ${application.variant.label}`);
    of.set(application, await oneOutage(incident, application, outage, settings));
  }
  const streams = Object.values(PHASES).map((name) => ({ ...stream, name }));
  return { streams, of };
};

async function oneOutage(
  incident: Incident,
  { origin, applicationName }: Application,
  { begin, end }: OutageSwitch,
  { sampler, seconds }: MeasureSettings,
): Promise<Measured> {
  const load = async (name: string, forSeconds: number, seed: number) => {
    const results = await applyLoad(incident, origin, forSeconds * 1_000, seed);
    const [result] = results.values();
    return { stream: name, load: result as LoadResult };
  };
  const [before, peakBefore] = await sampler.peakDuring(applicationName, () =>
    load(PHASES.before, seconds, 1),
  );
  const [away] = await Promise.all([load(PHASES.away, incident.outageSeconds ?? 0, 2), begin()]);
  // Visitors do not wait for the server to be ready; whoever counts its connections does.
  const returning = load(PHASES.after, AFTER_PER_ROUND * seconds, 3);
  await end();
  const [after, peakAfter] = await sampler.peakDuring(applicationName, () => returning);
  return { streams: [before, away, after], connections: Math.max(peakBefore, peakAfter) };
}
