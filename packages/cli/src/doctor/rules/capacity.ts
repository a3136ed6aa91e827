import type { Plan } from '../../plan/plan.ts';
import type { ConfigurationFacts } from '../configuration/facts.ts';
import type { SessionFact, Settings } from '../server/facts.ts';

/** What a server offers and who has it. */
export interface Capacity {
  readonly max: number;
  /** For superusers and for pg_use_reserved_connections. */
  readonly reserved: number;
  /** What an application can get at all. */
  readonly usable: number;
  readonly used: number;
  readonly free: number;
}

export function capacityOf(settings: Settings, sessions: readonly SessionFact[]): Capacity {
  const { maxConnections: max, superuserReserved, reserved: roleReserved } = settings;
  const reserved = superuserReserved + roleReserved;
  const used = sessions.length;
  return { max, reserved, usable: max - reserved, used, free: Math.max(0, max - reserved - used) };
}

/**
 * The application's own sessions among those of a server: by its application_name, where its configuration has
 * one that somebody uses; else by user and database.
 */
export function isOwn(
  {
    applicationName,
    user,
    database,
  }: Pick<ConfigurationFacts, 'applicationName' | 'user' | 'database'>,
  sessions: readonly SessionFact[],
): (session: SessionFact) => boolean {
  const byName = (session: SessionFact) => session.application === applicationName;
  if (applicationName && sessions.some(byName)) return byName;
  return (session) => session.user === user && session.database === database;
}

export interface PlanFit {
  /** Connections of others, which the plan has to leave. */
  readonly others: number;
  readonly wanted: number;
  readonly share: number;
}

/** Whether the plan and the others fit in what the server offers. */
export function fitOf(
  plan: Plan,
  capacity: Capacity,
  sessions: readonly SessionFact[],
  configuration: ConfigurationFacts,
): PlanFit {
  const own = isOwn(configuration, sessions);
  const others = sessions.filter((session) => !own(session)).length;
  const wanted = others + plan.connections;
  return { others, wanted, share: capacity.usable > 0 ? wanted / capacity.usable : Infinity };
}
