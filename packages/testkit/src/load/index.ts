export type { Arrivals } from './arrivals.ts';
export type { Clock } from './clock.ts';
export { type ClosedLoopOptions, closedLoop } from './closed-loop.ts';
export { errorKind } from './error-kind.ts';
export { FakeClock } from './fake-clock.ts';
export {
  type HttpTarget,
  type HttpTargetOptions,
  httpTarget,
  RequestFailure,
} from './http-target.ts';
export type { LatencySummary } from './latency-histogram.ts';
export type { LoadOptions } from './load-options.ts';
export type { LoadContext, LoadRun } from './load-recorder.ts';
export { type LoadResult, mergeLoadResults } from './load-result.ts';
export { type OpenLoopOptions, openLoop } from './open-loop.ts';
