import os from 'node:os';

/** Where the figures come from: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  /** Undefined when no case needed a server. */
  readonly postgres: string | undefined;
  /** Of the last minute, before the first measurement: what others had to do here. */
  readonly loadAverage: number;
}

export function describeMachine(postgres: string | undefined): Machine {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
    postgres,
    loadAverage: Number((os.loadavg()[0] ?? 0).toFixed(2)),
  };
}

/** Half of the cores busy with something else shifts every figure. */
export function isBusy({ cores, loadAverage }: Machine): boolean {
  return loadAverage > cores / 2;
}

export function machineInWords(machine: Machine): string {
  const { cpu, cores, memoryGigabytes, system, node, postgres, loadAverage } = machine;
  const server = postgres === undefined ? '' : `, PostgreSQL ${postgres}`;
  return `${cpu}, ${cores} cores, ${memoryGigabytes} GB, ${system}; Node ${node}${server}; load average ${loadAverage} at the start`;
}
