/**
 * Connect errors after which the server is alive and waiting helps: it is full (53300 and its
 * class), or starting up or shutting down (57P03). Everything else is told to the callers at once.
 */
export function isWorthWaiting(error: Error & { code?: unknown }): boolean {
  return typeof error.code === 'string' && (error.code.startsWith('53') || error.code === '57P03');
}

/** pg's own connect time-out has struck. */
export function isConnectTimeout(error: Error): boolean {
  return error.message === 'timeout expired';
}
