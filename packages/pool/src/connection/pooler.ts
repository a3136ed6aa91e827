import type { PgClient } from '../pg-internals.ts';
import type { Preparing } from '../statement/preparing.ts';
import { hearPooler } from './hear-pooler.ts';

/** No process has a higher number on Linux (PID_MAX_LIMIT), macOS or the BSDs. A pooler greets with a number made up by chance. */
const HIGHEST_PROCESS_ID = 2 ** 22;

/** What a pool has learnt of a pooler before its server, by whichever of its connections. */
export class Pooler {
  /** Somebody else than the server answers. */
  isThere: boolean;
  /** A session is lent to a client for a transaction, and then to another. */
  sharesSessions: boolean;
  readonly #preparing: Preparing;

  /** `isSaid`: by the options. */
  constructor(isSaid: boolean, preparing: Preparing) {
    this.isThere = isSaid;
    this.sharesSessions = isSaid;
    this.#preparing = preparing;
  }

  /** Before the login; call what comes back after it. */
  listen(client: PgClient): () => void {
    const heard = hearPooler(client.connection);
    return () => this.#greeted(client.processID, heard());
  }

  /** A statement that was prepared on a connection is unknown there. */
  forgets(): void {
    this.isThere = true;
    this.sharesSessions = true;
    this.#preparing.stop(
      'a statement prepared on a connection was unknown there a moment later, as behind a pooler in transaction mode',
    );
  }

  #greeted(processID: number | null, said: ReadonlyMap<string, string>): void {
    const isMadeUp = processID !== null && (processID < 0 || processID > HIGHEST_PROCESS_ID);
    if (!isMadeUp && said.size === 0) return;
    this.isThere = true;
    this.sharesSessions = said.get('pool_mode') !== 'session';
    if (this.sharesSessions && said.get('max_prepared_statements') === '0') {
      this.#preparing.stop(
        `PgBouncer ${said.get('version') ?? ''} in ${said.get('pool_mode')} mode keeps no prepared statements`,
      );
    }
  }
}
