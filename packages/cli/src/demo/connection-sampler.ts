import { withClient } from './database.ts';

const EVERY_MILLIS = 100;

/** Counts an application's connections as the server sees them, over a connection of its own for each count. */
export class ConnectionSampler {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The most connections that the application had while `run` ran. */
  async peakDuring<T>(applicationName: string, run: () => Promise<T>): Promise<[T, number]> {
    let peak = 0;
    let running = true;
    const sampling = withClient(this.#url, async (client) => {
      while (running) {
        const { rows } = await client.query<{ count: number }>(
          'SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1',
          [applicationName],
        );
        peak = Math.max(peak, rows[0]?.count ?? 0);
        await new Promise((resolve) => setTimeout(resolve, EVERY_MILLIS));
      }
      // A server that is gone is the load's to report; counting then just ends.
    }).catch(() => {});
    try {
      return [await run(), peak];
    } finally {
      running = false;
      await sampling;
    }
  }
}
