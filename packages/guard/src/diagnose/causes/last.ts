import { either, type Rule, whole } from '../rule.ts';

/** What says only that there is no connection. It stands behind everything that says why. */
export const lastRules: readonly Rule[] = [
  {
    // "Could not check out a connection in 5 s", "Timed out waiting for a connection from the pool"
    kind: 'app-pool-exhausted',
    symptom: true,
    needsDatabase: true,
    text: /\b(?:timed out|time-?out|could not|couldn't|unable to|failed to)(?: while| to)? (?:acquir(?:e|ing)|obtain(?:ing)?|get(?:ting)?|check(?:ing)? ?out|fetch(?:ing)?|borrow(?:ing)?|wait(?:ing)? for) (?:a |an |the )?(?:\w{1,12} )?connection (?:from (?:the )?(?:\w{1,12} )?pool\b|(?:in|within|after) [\d.]+)/i,
  },
  // Reasons that the server gives and nobody here knows yet
  { kind: 'server-terminated', text: /\bterminating connection (?:due to|because) \w/i },
  {
    // Not FATAL: GRANT and SET ROLE say it too, but seldom in an application.
    kind: 'authentication',
    needsDatabase: true,
    text: /(?<!ERROR: {1,2})\brole (["'])[^"'\n]{1,63}\1 does not exist/i,
  },
  {
    kind: 'server-max-connections',
    needsDatabase: true,
    text: whole(/(?<!ER_CON_COUNT_ERROR: )too many connections/),
  },
  {
    kind: 'unreachable',
    needsDatabase: true,
    symptom: true,
    // Windows' own words for ETIMEDOUT
    text: /connected party did not properly respond after a period of time/i,
  },
  {
    kind: 'stale-connection',
    needsDatabase: true,
    symptom: true,
    text: either(
      // pgAdmin
      /Not connected to the server or the connection to the server has been closed/,
      // pgx, which waits for an answer that does not come
      /failed to receive message \(timeout: context deadline exceeded\)/,
    ),
  },
  // Node's codes, however they are told
  {
    kind: 'unreachable',
    needsDatabase: true,
    symptom: true,
    text: either(
      /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/,
      // "SequelizeConnectionError: ETIMEDOUT": of a read it would not be a connection's error.
      /Connection\w{0,20}Error\]?: ?ETIMEDOUT\b/,
    ),
  },
  {
    kind: 'stale-connection',
    needsDatabase: true,
    symptom: true,
    text: /\b(?:ECONNRESET|EPIPE)\b/i,
  },
  {
    kind: 'unreachable',
    symptom: true,
    text: either(
      // "Cannot connect to Postgres", "Unable to connect to the database", "Failed to establish a connection to PostgreSQL"
      /\b(?:cannot|can't|can not|could not|couldn't|unable to|failed to) (?:connect|establish (?:a |the )?(?:database )?connection)(?: to)? (?:the |your |a )?(?:\w{1,20} )?(?:database|postgres\w*|DB)\b(?![^\n]{0,20}(?:Cannot read propert|[\w.]{1,40} is not a function))/,
      // "Database connection failed", "connection to the database timed out"
      /\b(?:(?:database|postgres\w*) connection|connection to (?:the )?(?:database|postgres\w*))(?: \S{1,60})? (?:failed|refused|timed out|could not be established)\b/,
      /\bCould not establish database connection\b/,
      // What libpq, PHP and pgx put before the reason
      /connection to server (?:at|on) [^\n]{1,200} failed: (?!FATAL|ERROR)/,
      /failed to connect to `(?:host=|user=)[^`\n]{1,200}`: (?:dial error|hostname resolving error)/,
      /SQLSTATE\[08006\] \[7\] (?!FATAL|ERROR)/,
    ),
  },
];
