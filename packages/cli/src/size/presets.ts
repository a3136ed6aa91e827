/** A kind of deployment, and what is sensible for it unless somebody knows better. */
export interface Preset {
  readonly title: string;
  /** Processes that run the application. */
  readonly instances: number;
  /** Old and new instances at once in a deploy, as a multiple. */
  readonly overlap: number;
  /** More connections of one instance are rarely faster. */
  readonly most: number;
  /** An instance serves one request at a time and may be frozen with its connections open. */
  readonly isServerless: boolean;
  readonly connectTimeoutSeconds: number;
}

export const PRESET_NAMES = ['development', 'staging', 'production', 'serverless'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const SERVER = { isServerless: false, connectTimeoutSeconds: 5 } as const;

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  development: { ...SERVER, title: 'development', instances: 1, overlap: 1, most: 5 },
  staging: { ...SERVER, title: 'staging', instances: 1, overlap: 2, most: 10 },
  production: { ...SERVER, title: 'production', instances: 1, overlap: 2, most: 20 },
  serverless: {
    title: 'serverless functions',
    // Copies that run at the same time.
    instances: 100,
    overlap: 1,
    most: 1,
    isServerless: true,
    // A cold start logs in while its first request waits.
    connectTimeoutSeconds: 10,
  },
};
