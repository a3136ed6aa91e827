/**
 * Loaded by `--import` into every Node.js process of the application: puts Lifeguard into its pools (`register`) and
 * tells `lifeguard run` how they are. It keeps no process alive, and nothing that fails here reaches the application.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { isMainThread, threadId } from 'node:worker_threads';
import type { Leak } from '@lifeguard/pool';
import type { RegisteredPool } from '@lifeguard/pool/register';
import { registeredPools } from '@lifeguard/pool/register';
import { FOLDER_VARIABLE, type Hello, lastWordsIn, type Message, socketIn } from '../protocol.ts';
import { nameOfProgram } from './program-name.ts';
import { ReportedPools } from './reported-pools.ts';

const REPORTING = Symbol.for('lifeguard.reporting');

function begin(folder: string): void {
  const hello: Hello = {
    kind: 'hello',
    pid: process.pid,
    thread: isMainThread ? 0 : threadId,
    program: nameOfProgram(process.argv[1], process.cwd()),
  };
  const pools = new ReportedPools((entry, id) => listenForLeaks(entry, id, say));
  let socket: Socket | undefined = createConnection(socketIn(folder));
  const report = () => say(pools.report());

  function say(message: Message): void {
    if (socket?.writable) socket.write(`${JSON.stringify(message)}\n`);
  }

  socket
    .on('connect', () => {
      say(hello);
      report();
    })
    .on('data', report)
    // Nobody listens (any more): the application goes on as it is.
    .on('error', () => {})
    .on('close', () => {
      socket = undefined;
    })
    .unref();
  for (const entry of registeredPools()) pools.add(entry);
  subscribe('lifeguard.pool', (entry) => {
    pools.add(entry as RegisteredPool);
    // Once it is all there.
    setImmediate(report).unref();
  });
  process.on('exit', () => {
    if (!socket) return;
    try {
      const last = pools.report();
      if (!last.hasPg) return;
      writeFileSync(lastWordsIn(folder, hello), JSON.stringify(last), { mode: 0o600 });
    } catch {
      // Whom it was for has gone.
    }
  });
}

function listenForLeaks(
  { pool }: RegisteredPool,
  id: number,
  say: (message: Message) => void,
): void {
  const events = pool as unknown as NodeJS.EventEmitter;
  for (const kind of ['leak', 'leakEnded'] as const) {
    events.on(kind, (leak: Leak) => say({ kind, pool: id, leak }));
  }
}

const folder = process.env[FOLDER_VARIABLE];
const scope = globalThis as { [REPORTING]?: boolean };
if (folder && !scope[REPORTING]) {
  scope[REPORTING] = true;
  if (isMainThread) begin(folder);
  else atFirstPool(() => begin(folder));
}

/** Most threads have none, such as those in which Node.js runs the hooks of loaders (tsx). */
function atFirstPool(act: () => void): void {
  const made = () => {
    unsubscribe('lifeguard.pool', made);
    act();
  };
  subscribe('lifeguard.pool', made);
}
