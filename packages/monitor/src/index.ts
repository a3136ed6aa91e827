export type { Clock } from './clock.ts';
export type { DeliveryOptions } from './delivery/delivery.ts';
export { type Logger, type LogLine, writeTo } from './delivery/logger.ts';
export { type SlowRecord, slowLine } from './delivery/slow-log.ts';
export type { WebhookMessage, WebhookOptions } from './delivery/webhook.ts';
export {
  assessHealth,
  type Health,
  type HealthCheck,
  type HealthContext,
  type HealthStatus,
} from './health/assess.ts';
export {
  createHealth,
  type HealthHandler,
  type HealthHandlers,
  type HealthOptions,
} from './health/handlers.ts';
export type { HealthReport } from './health/report.ts';
export type { Patience } from './health/vital.ts';
export {
  createDashboard,
  type Dashboard,
  type DashboardOptions,
  type DashboardSnapshot,
  type DashboardSource,
  type DashboardState,
} from './http/dashboard.ts';
export type { DashboardGreeting } from './http/events/greeting.ts';
export { type NodeHandler, toNodeHandler } from './http/node.ts';
export { detectFanOuts } from './incidents/fan-out.ts';
export { findIncidents } from './incidents/find-incidents.ts';
export type { Detector, Incident, IncidentKind } from './incidents/incident.ts';
export type { IncidentRecord } from './incidents/incident-log.ts';
export { byCause, type Severity } from './incidents/kinds.ts';
export { detectNPlusOnes } from './incidents/n-plus-one.ts';
export { detectSelfDeadlocks } from './incidents/self-deadlock.ts';
export type { ReplicaStatus, Surroundings } from './incidents/surroundings.ts';
export { createMetrics, type MetricsHandler, type MetricsOptions } from './metrics/handler.ts';
export { everyPool } from './monitor/every-pool.ts';
export { createMonitor, type Monitor, type MonitorEvents } from './monitor/monitor.ts';
export type { MonitorOptions, Pools, WatchedPool } from './monitor/options.ts';
export {
  type BreakerSnapshot,
  type MonitorSnapshot,
  type PoolSnapshot,
  SNAPSHOT_VERSION,
} from './monitor/snapshot.ts';
export type { PoolTotals } from './monitor/totals.ts';
export type { SeriesSlice } from './series/history.ts';
