import { summarizeServer } from '../server/summary.ts';
import type { ServerSnapshot, SessionSnapshot } from '../server/view.ts';

/** A server that has answered and has nothing to tell, and what a test says of it. */
export function madeUpServer(part: Partial<ServerSnapshot> = {}): ServerSnapshot {
  return { ...summarizeServer({ at: new Date(0) }), ...part };
}

export function madeUpSession(part: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return {
    pid: 11,
    application: 'billing',
    role: 'app',
    database: 'shop',
    client: null,
    state: 'active',
    stateMillis: 0,
    transactionMillis: null,
    waitsFor: null,
    statement: 'UPDATE accounts SET balance = ?',
    ...part,
  };
}
