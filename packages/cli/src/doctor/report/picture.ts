import type { Plan } from '../../plan/plan.ts';
import { capacityOf, fitOf } from '../rules/capacity.ts';
import type { Facts } from '../rules/rule.ts';
import type { SessionFact } from '../server/facts.ts';

/** Sessions of one application and user. */
export interface Share {
  readonly application: string;
  readonly user: string | null;
  readonly total: number;
  readonly active: number;
  readonly idle: number;
  readonly idleInTransaction: number;
  /** Seconds since the oldest of them connected; null when that could not be seen. */
  readonly oldest: number | null;
}

export interface LimitOf {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
}

/** Who has the server's connections, and what is planned: all limits in one place. */
export interface Picture {
  readonly max: number;
  readonly reserved: number;
  readonly usable: number;
  readonly used: number;
  readonly free: number;
  readonly active: number;
  readonly idle: number;
  readonly idleInTransaction: number;
  /** Used by sessions whose state could not be seen. */
  readonly unknown: number;
  readonly plan: (Plan & { readonly others: number; readonly wanted: number }) | undefined;
  /** Largest first. */
  readonly shares: readonly Share[];
  readonly roles: readonly LimitOf[];
  readonly databases: readonly LimitOf[];
  readonly pooler: Facts['pooler'] | undefined;
}

/** Undefined when the sessions or the settings could not be seen. */
export function pictureOf(facts: Partial<Facts>): Picture | undefined {
  const { settings, sessions, plan, configuration, roles = [], databases = [], pooler } = facts;
  if (!settings || !sessions) return undefined;
  const capacity = capacityOf(settings, sessions);
  const fit = plan && configuration && fitOf(plan, capacity, sessions, configuration);
  return {
    ...capacity,
    ...countStates(sessions),
    plan: plan && fit && { ...plan, others: fit.others, wanted: fit.wanted },
    shares: sharesOf(sessions),
    roles: limitsOf(roles, (name) => sessions.filter(({ user }) => user === name).length),
    databases: limitsOf(
      databases,
      (name) => sessions.filter(({ database }) => database === name).length,
    ),
    pooler,
  };
}

function countStates(sessions: readonly SessionFact[]) {
  const count = (test: (state: string) => boolean) =>
    sessions.filter(({ state }) => state !== null && test(state)).length;
  const active = count((state) => state === 'active' || state === 'fastpath function call');
  const idle = count((state) => state === 'idle');
  const idleInTransaction = count((state) => state.startsWith('idle in transaction'));
  return {
    active,
    idle,
    idleInTransaction,
    unknown: sessions.length - active - idle - idleInTransaction,
  };
}

function sharesOf(sessions: readonly SessionFact[]): Share[] {
  const groups = new Map<string, SessionFact[]>();
  for (const session of sessions) {
    const key = JSON.stringify([session.application, session.user]);
    groups.set(key, [...(groups.get(key) ?? []), session]);
  }
  return [...groups.values()]
    .map((group) => {
      const ages = group.map(({ connectedFor }) => connectedFor).filter((age) => age !== null);
      const { active, idle, idleInTransaction } = countStates(group);
      return {
        application: group[0]?.application ?? '',
        user: group[0]?.user ?? null,
        total: group.length,
        active,
        idle,
        idleInTransaction,
        oldest: ages.length > 0 ? Math.max(...ages) : null,
      };
    })
    .sort((a, b) => b.total - a.total || a.application.localeCompare(b.application));
}

function limitsOf(
  limited: readonly { readonly name: string; readonly connectionLimit: number }[],
  usedBy: (name: string) => number,
): LimitOf[] {
  return limited
    .filter(({ connectionLimit }) => connectionLimit >= 0)
    .map(({ name, connectionLimit }) => ({ name, used: usedBy(name), limit: connectionLimit }));
}
