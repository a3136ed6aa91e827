/** Notes what would end a process: errors that nobody handles. */
export function watchProcess(): { readonly violations: string[]; stop(): void } {
  const violations: string[] = [];
  const note = (what: string) => (reason: unknown) => violations.push(`${what}: ${reason}`);
  const rejected = note('unhandled rejection');
  const thrown = note('uncaught exception');
  process.on('unhandledRejection', rejected);
  process.on('uncaughtExceptionMonitor', thrown);
  return {
    violations,
    stop() {
      process.off('unhandledRejection', rejected);
      process.off('uncaughtExceptionMonitor', thrown);
    },
  };
}
