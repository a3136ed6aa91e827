import type { ServerSnapshot } from '../wire.ts';

export type SessionState = 'active' | 'in-transaction' | 'idle' | 'other' | 'free';

export interface StateCount {
  readonly state: SessionState;
  readonly label: string;
  readonly count: number;
}

/** What the server's connections do, in the order in which they are drawn; what is usual is there at zero too. */
export function sessionStates({ connections }: ServerSnapshot): StateCount[] {
  const { byState, used, max } = connections;
  const active = byState.active ?? 0;
  const idle = byState.idle ?? 0;
  const inTransaction = Object.entries(byState)
    .filter(([state]) => state.startsWith('idle in transaction'))
    .reduce((sum, [, count]) => sum + count, 0);
  const states: StateCount[] = [
    { state: 'active', label: 'active', count: active },
    { state: 'in-transaction', label: 'idle in a transaction', count: inTransaction },
    { state: 'idle', label: 'idle', count: idle },
    { state: 'other', label: 'others', count: used - active - idle - inTransaction },
  ];
  if (max !== null) states.push({ state: 'free', label: 'left', count: Math.max(0, max - used) });
  return states;
}
