import { findIncidents, type Incident as ReportedIncident } from '@lifeguard/monitor';
import type { Incident } from '@lifeguard/storefront';
import type { LoadResult } from '@lifeguard/testkit';
import type { Cleanups } from '../frame/cleanups.ts';
import { type Application, startApplication } from './application.ts';
import type { ConnectionSampler } from './connection-sampler.ts';
import type { DemoDatabase } from './database.ts';
import { applyLoad, joinRounds, type RoundResult } from './load.ts';
import { orderOfRound, type Variant, variants } from './variants.ts';

export const ROUNDS = 3;
/** A wait bound that somebody sensible gives to a web page; Prisma 7 has none by default. */
export const POOL_TIMEOUT_SECONDS = 5;
const WARM_UP_MILLIS = 1_500;

/** One row of the table. */
export interface StreamResult {
  readonly stream: string;
  readonly load: LoadResult;
}

export interface VariantResult {
  readonly variant: Variant;
  readonly streams: readonly StreamResult[];
  /** The most connections that the server saw. */
  readonly connections: number;
}

export interface IncidentResult {
  readonly incident: Incident;
  readonly connectionLimit: number;
  readonly variants: readonly VariantResult[];
  /** What Lifeguard reported of the unchanged code. */
  readonly report: readonly ReportedIncident[];
}

export interface IncidentRun {
  readonly result: IncidentResult;
  /** The repaired one, still running. */
  readonly repaired: Application;
}

export interface RunSettings {
  readonly database: DemoDatabase;
  readonly sampler: ConnectionSampler;
  readonly seconds: number;
  readonly cleanups: Cleanups;
  readonly progress: (text: string) => void;
}

/** One incident on all variants: started alike, warmed up alike, loaded alike, in rotating order. */
export async function runIncident(incident: Incident, settings: RunSettings): Promise<IncidentRun> {
  const { database, sampler, seconds, cleanups, progress } = settings;
  const connectionLimit = database.connectionLimit ?? incident.connectionLimit;
  progress(`${incident.name}: starting three shops`);
  const applications: Application[] = [];
  for (const variant of variants) {
    applications.push(
      await startApplication(
        variant,
        {
          databaseUrl: database.url,
          connectionLimit,
          poolTimeout: POOL_TIMEOUT_SECONDS,
        },
        cleanups,
      ),
    );
  }
  for (const { origin, variant } of applications) {
    progress(`${incident.name}: warming up (${variant.label})`);
    await applyLoad(incident, origin, WARM_UP_MILLIS, 0);
  }
  const rounds = new Map<Application, { results: RoundResult[]; peak: number }>(
    applications.map((application) => [application, { results: [], peak: 0 }]),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const application of orderOfRound(applications, round)) {
      const { variant, origin, applicationName } = application;
      progress(`${incident.name}: round ${round + 1} of ${ROUNDS}, ${variant.label}`);
      const [result, peak] = await sampler.peakDuring(applicationName, () =>
        applyLoad(incident, origin, seconds * 1_000, round + 1),
      );
      const seen = rounds.get(application);
      seen?.results.push(result);
      if (seen) seen.peak = Math.max(seen.peak, peak);
    }
  }
  const [stock, unchanged, repaired] = applications as [Application, Application, Application];
  const stats = await unchanged.stats();
  await Promise.all([stock.stop(), unchanged.stop()]);
  return {
    repaired,
    result: {
      incident,
      connectionLimit,
      report: stats ? findIncidents(stats) : [],
      variants: [...rounds].map(([{ variant }, { results, peak }]) => ({
        variant,
        connections: peak,
        streams: incident.streams.map(({ name }) => ({
          stream: name,
          load: joinRounds(results.map((result) => result.get(name) as LoadResult)),
        })),
      })),
    },
  };
}
