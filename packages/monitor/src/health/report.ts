import type { Health, HealthCheck } from './assess.ts';

/** The body of an answer, as the draft "Health Check Response Format for HTTP APIs" (-06) has it. */
export interface HealthReport {
  readonly status: Health['status'];
  readonly description?: string;
  readonly releaseId?: string;
  readonly serviceId?: string;
  readonly notes?: readonly string[];
  readonly output?: string;
  readonly checks?: Readonly<Record<string, readonly ReportedCheck[]>>;
}

interface ReportedCheck {
  readonly componentType: 'datastore' | 'component';
  readonly status: Health['status'];
  readonly observedValue: number | string;
  readonly observedUnit?: string;
  readonly time: string;
  readonly output?: string;
}

/** `at`: when it was observed. */
export function reportChecks(checks: Health['checks'], at: Date): HealthReport['checks'] {
  const time = at.toISOString();
  return Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [name, [reported(name, check, time)]]),
  );
}

function reported(name: string, check: HealthCheck, time: string): ReportedCheck {
  const { status, observed, unit, output } = check;
  return {
    componentType: /(^|:)(database|replica):/.test(name) ? 'datastore' : 'component',
    status,
    observedValue: observed,
    ...(unit !== undefined && { observedUnit: unit }),
    time,
    ...(output !== undefined && { output }),
  };
}

/** 200 while callers can be served, however slowly; 503 when they can't. */
export function httpStatus({ status }: Pick<Health, 'status'>): number {
  return status === 'fail' ? 503 : 200;
}
