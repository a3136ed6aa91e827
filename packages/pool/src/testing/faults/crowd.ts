import pg from 'pg';

/** Takes all connections that the server has left. */
export class Crowd {
  readonly #clients: pg.Client[] = [];

  /**
   * A login that is under way has its place already. Only when a superuser has taken one of the
   * places that are reserved for superusers, is it refused as well.
   */
  async fill(userUrl: string, superuserUrl: string): Promise<void> {
    while (await this.#enter(userUrl));
    await this.#enter(superuserUrl);
  }

  async #enter(connectionString: string): Promise<boolean> {
    const client = new pg.Client({ connectionString });
    client.on('error', () => {});
    try {
      await client.connect();
    } catch (error) {
      if ((error as { code?: string }).code === '53300') return false;
      throw error;
    }
    this.#clients.push(client);
    return true;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.end()));
  }
}
