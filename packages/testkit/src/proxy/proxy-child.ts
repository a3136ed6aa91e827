/** A process of its own that runs a fault proxy for another one, and ends with it. */
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { napBetweenLooks } from './precise-timer.ts';
import type { ProxyReply, ProxyRequest } from './proxy-messages.ts';

napBetweenLooks();

let proxy: FaultProxy | undefined;
let lastAnswer: Promise<unknown> = Promise.resolve();

async function answer(request: ProxyRequest): Promise<ProxyReply> {
  if (request.kind === 'start') proxy = await startFaultProxy(request.options);
  if (!proxy) throw new Error('There is no proxy yet');
  if (request.kind === 'fault') {
    const fault = proxy[request.name] as (...args: readonly unknown[]) => void | Promise<void>;
    await fault.apply(proxy, [...request.args]);
  }
  return { kind: 'done', port: proxy.port };
}

function failed(error: unknown): ProxyReply {
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}

process.on('message', (request: ProxyRequest) => {
  lastAnswer = lastAnswer
    .then(() => answer(request))
    .catch(failed)
    .then((reply) => process.send?.(reply));
});
// Ctrl-C in a terminal reaches the whole group; the parent decides when the network ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
