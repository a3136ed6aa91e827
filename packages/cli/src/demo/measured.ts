import type { Incident, Stream } from '@lifeguard/storefront';
import type { LoadResult } from '@lifeguard/testkit';
import type { Application } from './application.ts';
import type { ConnectionSampler } from './connection-sampler.ts';
import type { DemoDatabase } from './database.ts';

/** One row of the table. */
export interface StreamResult {
  readonly stream: string;
  readonly load: LoadResult;
}

/** What the load did to one application. */
export interface Measured {
  readonly streams: readonly StreamResult[];
  /** The most connections that the server saw. */
  readonly connections: number;
}

export interface MeasureSettings {
  readonly database: DemoDatabase;
  readonly sampler: ConnectionSampler;
  /** How long one round of load lasts. */
  readonly seconds: number;
  readonly progress: (text: string) => void;
}

/** One way to put applications under an incident's load, the same for each of them. */
export type Measure = (
  incident: Incident,
  applications: readonly Application[],
  settings: MeasureSettings,
) => Promise<{
  /** What the rows of the table are about. */
  readonly streams: readonly Stream[];
  readonly of: ReadonlyMap<Application, Measured>;
}>;
