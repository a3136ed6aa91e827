import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { childEnvironment, compiledFile } from '../process/child-file.ts';
import type { FaultProxyOptions } from './fault-proxy.ts';
import type { FaultArguments, FaultName, ProxyReply, ProxyRequest } from './proxy-messages.ts';
import { viaProxy } from './via-proxy.ts';

const CHILD_FILE = compiledFile(import.meta.url, './proxy-child.js');

export interface FaultProxyProcessOptions extends FaultProxyOptions {
  /** One-way delay of both directions from the start; default none. */
  delayMillis?: number;
}

/** startFaultProxy() in a process of its own, for use under load: it takes no time from the caller's. */
export async function startFaultProxyProcess(
  options: FaultProxyProcessOptions,
): Promise<FaultProxyProcess> {
  const { delayMillis = 0, target } = options;
  const child = fork(CHILD_FILE, [], { execArgv: [], env: childEnvironment() });
  const { host, port: targetPort } = target;
  const start = { target: { port: targetPort, ...(host !== undefined && { host }) } };
  try {
    const proxy = new FaultProxyProcess(child, await ask(child, { kind: 'start', options: start }));
    if (delayMillis > 0) await proxy.apply('delay', delayMillis);
    return proxy;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** A fault proxy that runs in another process; it ends with this one at the latest. */
export class FaultProxyProcess {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #child: ChildProcess;
  #lastRequest: Promise<unknown> = Promise.resolve();

  /** Use startFaultProxyProcess(). */
  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** The same connection string by way of this proxy. */
  url(serverUrl: string): string {
    return viaProxy(serverUrl, this);
  }

  /** Does to all connections what FaultProxy's method of that name does: `apply('delay', 2)`. */
  async apply<Name extends FaultName>(name: Name, ...args: FaultArguments<Name>): Promise<void> {
    const request = this.#lastRequest.then(() => ask(this.#child, { kind: 'fault', name, args }));
    this.#lastRequest = request.catch(() => {});
    await request;
  }

  /** Ends the process and with it every connection. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function ask(child: ChildProcess, request: ProxyRequest): Promise<number> {
  if (!child.connected) throw new Error('The process of the fault proxy has ended');
  const answered = new AbortController();
  const { signal } = answered;
  const reply = once(child, 'message', { signal }) as Promise<[ProxyReply]>;
  const ended = once(child, 'exit', { signal }).then(([code, killedBy]): never => {
    throw new Error(`The process of the fault proxy ended (${killedBy ?? `exit code ${code}`})`);
  });
  // The one that comes second is aborted, which is no failure.
  reply.catch(() => {});
  ended.catch(() => {});
  child.send(request, () => {});
  try {
    const [message] = await Promise.race([reply, ended]);
    if (message.kind === 'failed') throw new Error(message.message);
    return message.port;
  } finally {
    answered.abort();
  }
}
