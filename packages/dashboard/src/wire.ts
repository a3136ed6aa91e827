import type {
  DashboardGreeting,
  DashboardState,
  MonitorSnapshot,
  PoolSnapshot,
  SeriesSlice,
} from '@lifeguard/monitor';

// What the monitor sends, by the names that the page has for it.

export type { IncidentRecord, PoolSnapshot, SeriesSlice, Severity } from '@lifeguard/monitor';
export type Snapshot = MonitorSnapshot;
export type State = DashboardState<MonitorSnapshot>;
export type Greeting = DashboardGreeting;
export type PoolColumns = SeriesSlice['pools'][string];
export type Figure = keyof PoolColumns;
export type ServerSnapshot = NonNullable<PoolSnapshot['server']>;
export type Session = ServerSnapshot['longRunning'][number];
export type Blocker = ServerSnapshot['blockers'][number];
export type ServerStatement = NonNullable<ServerSnapshot['statements']>[number];
export type Replica = PoolSnapshot['replicas'][number];
export type Breaker = NonNullable<PoolSnapshot['breaker']>;
export type Holder = PoolSnapshot['holders'][number];
export type OwnerStats = PoolSnapshot['window']['owners'][number];
export type Waiting = PoolSnapshot['waiting'][number];
export type StatementStats = PoolSnapshot['window']['statements'][number];
