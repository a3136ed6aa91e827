/**
 * A process of its own that holds one PostgreSQL server for a test's process. When the channel to that
 * process closes, however it ended, the server is stopped and its folder removed.
 */
import { Cluster } from './cluster.ts';
import type { KeeperEvent, KeeperReply, KeeperRequest, StopMode } from './messages.ts';

let cluster: Cluster | undefined;
let isLeaving = false;
let lastAnswer: Promise<unknown> = Promise.resolve();

function tell(message: KeeperReply | KeeperEvent): Promise<void> {
  return new Promise((resolve) => {
    if (process.send && process.connected) process.send(message, undefined, {}, () => resolve());
    else resolve();
  });
}

async function answer(request: KeeperRequest): Promise<KeeperReply> {
  switch (request.kind) {
    case 'create':
      cluster = Cluster.inNewFolder(request.options, (line) => void tell({ kind: 'log', line }));
      // Told first, so that the folder is removed even if this process is killed.
      void tell({ kind: 'folder', folder: cluster.folder });
      await cluster.initialise();
      return running(cluster);
    case 'resume':
      if (!cluster) throw new Error('There is no server to resume');
      return running(cluster);
    case 'halt':
      await cluster?.halt(request.mode);
      return { kind: 'halted' };
    case 'remove':
      await cluster?.remove(request.mode);
      return { kind: 'halted' };
  }
}

async function running(server: Cluster): Promise<KeeperReply> {
  const pid = await server.start();
  return { kind: 'running', pid, port: server.port, dataDir: server.dataDir };
}

async function leave(mode: StopMode): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  await cluster?.remove(mode);
  process.exit();
}

function failed(error: unknown): KeeperReply {
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}

process.on('message', (request: KeeperRequest) => {
  lastAnswer = lastAnswer
    .then(() => answer(request))
    .catch(failed)
    .then(tell);
});
process.on('disconnect', () => void leave('immediate'));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => void leave('immediate'));
}
process.on('uncaughtException', (error) => {
  void tell(failed(error)).then(() => leave('immediate'));
});
