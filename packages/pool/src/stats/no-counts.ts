/** What a pool counts, before anything has happened. */
export const NO_COUNTS = {
  statements: 0,
  checkouts: 0,
  waited: 0,
  timeouts: 0,
  shed: 0,
  connects: 0,
  connectFailures: 0,
  abandonedTransactions: 0,
  leaks: 0,
  restarts: 0,
  resets: 0,
};
