import type { FailOn } from './config/settings.ts';

export type Format = 'text' | 'json' | 'sarif' | 'markdown';
export const FORMATS: readonly Format[] = ['text', 'json', 'sarif', 'markdown'];

/** What the user asked for. */
export interface DoctorOptions {
  readonly url?: string;
  /** Files with variables, later ones over earlier ones. */
  readonly env: readonly string[];
  /** The application's folder. */
  readonly dir: string;
  readonly config?: string;
  readonly instances?: number;
  readonly overlap?: number;
  /** Connections of each instance, where code sets it and the doctor can't see it. */
  readonly limit?: number;
  readonly dbCores?: number;
  /** PgBouncer's console, where the URL's user may not see it. */
  readonly poolerUrl?: string;
  /** False: only the configuration is looked at. */
  readonly server: boolean;
  readonly format: Format;
  readonly json: boolean;
  readonly failOn?: FailOn;
  readonly verbose: boolean;
  /** Tell of one rule and do nothing else. */
  readonly explain?: string;
  /** List the rules and do nothing else. */
  readonly rules: boolean;
}
