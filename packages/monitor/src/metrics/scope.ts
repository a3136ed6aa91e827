/** The name of the instrumentation, as OpenTelemetry wants it. */
export const SCOPE = '@lifeguard/monitor';
