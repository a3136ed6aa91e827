export { assessHealth, type Health, type HealthCheck, type HealthStatus } from './health/assess.ts';
export { findIncidents } from './incidents/find-incidents.ts';
export type { Detector, Incident, IncidentKind } from './incidents/incident.ts';
