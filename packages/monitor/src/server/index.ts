export { type BlockingNode, blockingTree } from './blocking-tree.ts';
export { activity, type Session } from './queries/activity.ts';
export { limits, type ServerLimits } from './queries/limits.ts';
export type { Row, ServerQuery } from './queries/query.ts';
export { type Replication, replication, type Standby } from './queries/replication.ts';
export { type CountedStatement, statements } from './queries/statements.ts';
export { type ServerWatch, type ServerWatchOptions, watchServer } from './server-watch.ts';
export { type Answers, summarizeServer } from './summary.ts';
export type {
  ApplicationSessions,
  BlockerSnapshot,
  ServerSnapshot,
  ServerStatement,
  SessionSnapshot,
} from './view.ts';
