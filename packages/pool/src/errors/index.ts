export { ConnectTimeoutError } from './connect-timeout-error.ts';
export { PoolClosedError } from './pool-closed-error.ts';
export { type Outcome, PoolError } from './pool-error.ts';
export { PoolOverloadedError } from './pool-overloaded-error.ts';
export { PoolTimeoutError } from './pool-timeout-error.ts';
export { type NestedRequest, SelfDeadlockError } from './self-deadlock-error.ts';
export { StatementTimeoutError } from './statement-timeout-error.ts';
