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
export type Session = NonNullable<PoolSnapshot['server']>['longRunning'][number];
export type Holder = PoolSnapshot['holders'][number];
export type OwnerStats = PoolSnapshot['window']['owners'][number];
export type Waiting = PoolSnapshot['waiting'][number];
export type StatementStats = PoolSnapshot['window']['statements'][number];
