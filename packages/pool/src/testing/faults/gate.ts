import pg from 'pg';

/** What statements that are to be under way wait for. */
export const GATE_SCHEMA = `
  CREATE TABLE gate ();
  CREATE FUNCTION pass_gate() RETURNS int LANGUAGE sql
    AS 'SELECT count(*)::int FROM gate';
  CREATE FUNCTION record(id int) RETURNS int LANGUAGE sql
    AS 'SELECT pass_gate(); INSERT INTO ledger VALUES ($1) RETURNING id'`;

/** While it is shut, a statement that passes it stays under way on the server. */
export class Gate {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async shut(connectionString: string): Promise<Gate> {
    const client = new pg.Client({ connectionString });
    // A server that restarts opens it too.
    client.on('error', () => {});
    await client.connect();
    await client.query('BEGIN');
    await client.query('LOCK gate');
    return new Gate(client);
  }

  open(): void {
    void this.#client.end().catch(() => {});
  }
}
