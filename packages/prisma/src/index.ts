export type { Health, HealthCheck, HealthStatus, Incident, IncidentKind } from '@lifeguard/monitor';
export {
  OptionsError,
  type OptionWarning,
  type Owner,
  type Pool,
  type PoolStats,
  withOwner,
} from '@lifeguard/pool';
export type { Extension } from './extension/extension.ts';
export { type Lifeguard, type LifeguardOptions, lifeguard } from './lifeguard.ts';
