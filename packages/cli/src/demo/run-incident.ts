import { byCause, findIncidents, type Incident as ReportedIncident } from '@lifeguard/monitor';
import type { Incident, Stream } from '@lifeguard/storefront';
import type { Cleanups } from '../frame/cleanups.ts';
import { type Application, startApplication } from './application.ts';
import { applyLoad } from './load.ts';
import { measureOutage } from './measure-outage.ts';
import { measureRounds } from './measure-rounds.ts';
import type { Measured, MeasureSettings } from './measured.ts';
import { type Variant, variants } from './variants.ts';

/** A wait bound that somebody sensible gives to a web page; Prisma 7 has none by default. */
export const POOL_TIMEOUT_SECONDS = 5;
const WARM_UP_MILLIS = 1_500;

export interface VariantResult extends Measured {
  readonly variant: Variant;
}

export interface IncidentResult {
  readonly incident: Incident;
  /** What was measured of each variant: the incident's streams, or one of them in the phases of an outage. */
  readonly streams: readonly Stream[];
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

export interface RunSettings extends MeasureSettings {
  /** Says something that stays to be read. */
  readonly note: (text: string) => void;
  readonly cleanups: Cleanups;
}

/** One incident on all variants: started alike, warmed up alike, loaded alike. */
export async function runIncident(incident: Incident, settings: RunSettings): Promise<IncidentRun> {
  const { database, cleanups, progress, note } = settings;
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
  const pages = applications.flatMap(({ dashboard }) => dashboard ?? []);
  note(`${incident.name}: live at ${pages.join(' and, repaired, ')}`);
  for (const { origin, variant } of applications) {
    progress(`${incident.name}: warming up (${variant.label})`);
    await applyLoad(incident, origin, WARM_UP_MILLIS, 0);
  }
  const measure = incident.outageSeconds === undefined ? measureRounds : measureOutage;
  const { streams, of } = await measure(incident, applications, settings);
  const [stock, unchanged, repaired] = applications as [Application, Application, Application];
  const report = await reportOf(unchanged);
  await Promise.all([stock.stop(), unchanged.stop()]);
  return {
    repaired,
    result: {
      incident,
      streams,
      connectionLimit,
      report,
      variants: [...of].map(([{ variant }, measured]) => ({ variant, ...measured })),
    },
  };
}

/** What its pool shows of the whole time; where that is nothing any more, what its monitor has seen, such as an outage. */
async function reportOf(application: Application): Promise<readonly ReportedIncident[]> {
  const stats = await application.stats();
  const incidents = stats ? findIncidents(stats) : [];
  if (incidents.length > 0) return incidents;
  return (await application.incidents()).toSorted(byCause);
}
