/** How long a caller with a deadline gives all that it asks for, and `end` those who still wait. */
export const DEADLINE_MILLIS = 1_000;
/** `connectionTimeoutMillis` of the pool. */
export const WAIT_MILLIS = 1_000;
/** `statementTimeoutMillis` of the pool. */
export const STATEMENT_MILLIS = 1_000;
/** By so much a server's answer may be late before a silent connection is given up. */
export const GRACE_MILLIS = 100;
/** How long the ROLLBACK may take of somebody whose deadline has passed. */
export const TIDY_MILLIS = 1_000;
/** `connectTimeoutMillis` of the pool. */
export const CONNECT_MILLIS = 500;
/** How soon the pool works again once the fault is over: after its longest back-off and a login. */
export const RECOVERY_MILLIS = 1_000 + 200;
/** `max` of the pool. */
export const MAX = 3;
