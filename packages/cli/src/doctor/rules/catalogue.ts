import { ignoredParameters } from './configuration/ignored-parameters.ts';
import {
  invalidParameter,
  noApplicationName,
  overruledParameter,
  unknownParameter,
} from './configuration/parameters.ts';
import { limitAboveFormula, limitOfOne, planExceedsServer } from './configuration/plan-fits.ts';
import { noDirectUrl, poolerNotThere, serverlessDirect } from './configuration/serverless.ts';
import { tlsOff } from './configuration/tls.ts';
import { waitBound } from './configuration/wait-bound.ts';
import type { Rule } from './rule.ts';
import { blockedSessions } from './server/blocked-sessions.ts';
import { cacheHit } from './server/cache-hit.ts';
import { cannotConnect } from './server/cannot-connect.ts';
import { abandonedSessions, connectionChurn } from './server/connection-churn.ts';
import { duplicateIndex } from './server/duplicate-index.ts';
import { sequenceExhaustion, wraparound } from './server/exhaustion.ts';
import { unindexedForeignKey } from './server/foreign-keys.ts';
import { idleConnections } from './server/idle-connections.ts';
import { idleInTransaction } from './server/idle-in-transaction.ts';
import { limitsNotSet } from './server/limits-not-set.ts';
import { longRunning, longTransaction } from './server/long-running.ts';
import { manyConnections } from './server/many-connections.ts';
import { missingIndex } from './server/missing-index.ts';
import {
  poolerLimits,
  poolerPrepared,
  poolerQueue,
  poolerRefusal,
  poolerSession,
} from './server/pooler.ts';
import { preparedTransaction } from './server/prepared-transactions.ts';
import { inactiveSlot, replicationLag } from './server/replication.ts';
import { databaseLimit, roleLimit } from './server/role-limit.ts';
import { serverFull } from './server/server-full.ts';
import { serverVersion } from './server/server-version.ts';
import { frequentStatements, noStatementStatistics, slowStatements } from './server/statements.ts';
import { invalidIndex, unusedIndex } from './server/unused-index.ts';
import { autovacuumOff, bloat, staleStatistics } from './server/vacuum.ts';

/**
 * All rules. Of findings as severe as each other, those of an earlier rule come first: what takes connections
 * away just now, then what will, then what makes everything slow.
 */
export const RULES: readonly Rule[] = [
  cannotConnect,
  blockedSessions,
  idleInTransaction,
  poolerRefusal,
  serverFull,
  poolerQueue,
  roleLimit,
  databaseLimit,
  planExceedsServer,
  poolerLimits,
  invalidParameter,
  wraparound,
  sequenceExhaustion,
  ignoredParameters,
  waitBound,
  serverlessDirect,
  limitAboveFormula,
  limitOfOne,
  unknownParameter,
  tlsOff,
  poolerSession,
  poolerPrepared,
  longRunning,
  longTransaction,
  preparedTransaction,
  limitsNotSet,
  connectionChurn,
  idleConnections,
  manyConnections,
  missingIndex,
  slowStatements,
  unindexedForeignKey,
  invalidIndex,
  autovacuumOff,
  staleStatistics,
  bloat,
  cacheHit,
  replicationLag,
  inactiveSlot,
  serverVersion,
  duplicateIndex,
  unusedIndex,
  frequentStatements,
  abandonedSessions,
  noApplicationName,
  overruledParameter,
  noDirectUrl,
  poolerNotThere,
  noStatementStatistics,
];
