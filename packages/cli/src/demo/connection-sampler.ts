import pg from 'pg';

const EVERY_MILLIS = 100;

/** Counts an application's connections as the server sees them. */
export class ConnectionSampler {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<ConnectionSampler> {
    const client = new pg.Client({ connectionString: url, application_name: 'lifeguard-demo' });
    client.on('error', () => {});
    await client.connect();
    return new ConnectionSampler(client);
  }

  /** The most connections that the application had while `run` ran. */
  async peakDuring<T>(applicationName: string, run: () => Promise<T>): Promise<[T, number]> {
    let peak = 0;
    let running = true;
    const sample = async () => {
      while (running) {
        const { rows } = await this.#client.query<{ count: number }>(
          'SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1',
          [applicationName],
        );
        peak = Math.max(peak, rows[0]?.count ?? 0);
        await new Promise((resolve) => setTimeout(resolve, EVERY_MILLIS));
      }
    };
    // A server that is gone is the load's to report; counting then just ends.
    const sampling = sample().catch(() => {});
    try {
      return [await run(), peak];
    } finally {
      running = false;
      await sampling;
    }
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
