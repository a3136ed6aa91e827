import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ASK, type Hello, lastWordsIn, type Message, socketIn } from './protocol.ts';

/** No report is as long; what is belongs to somebody else. */
const LONGEST_LINE = 32 * 1024 * 1024;

const LONGEST_FOLDER = 75;

/** A process, or one of its threads, that reports. */
export type Source = Hello;

interface InboxEvents {
  message: [message: Exclude<Message, Hello>, source: Source];
  /** It reports no more. */
  gone: [source: Source];
}

/** Where the application's processes report. */
export class Inbox extends EventEmitter<InboxEvents> {
  /** Told to the processes by their environment. */
  readonly folder: string;
  readonly #server: Server;
  readonly #lines = new Map<Socket, Source | undefined>();
  #sources = 0;

  private constructor(folder: string) {
    super();
    this.folder = folder;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(): Promise<Inbox> {
    // mkdtemp lets in nobody but us.
    const inbox = new Inbox(mkdtempSync(join(shortTempFolder(), 'lifeguard-run-')));
    await new Promise<void>((resolve, reject) => {
      inbox.#server.once('error', reject);
      inbox.#server.listen(socketIn(inbox.folder), resolve);
    });
    // Also when nobody has the time for clean-ups: whoever reads our output may stop reading.
    process.once('exit', () => inbox.close());
    return inbox;
  }

  /** How many have reported so far. */
  get sources(): number {
    return this.#sources;
  }

  /** Those that report now. */
  get present(): Source[] {
    return [...this.#lines.values()].filter((source) => source !== undefined);
  }

  /** Asks all for a report. */
  ask(): void {
    for (const socket of this.#lines.keys()) if (socket.writable) socket.write(ASK);
  }

  /** Resolves when all that have said they are there are gone, or after that time. */
  emptied(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#lines.size > 0) return;
        done();
      };
      const done = () => {
        clearTimeout(timer);
        this.off('gone', look);
        resolve();
      };
      const timer = setTimeout(done, millis);
      this.on('gone', look);
      look();
    });
  }

  close(): void {
    for (const socket of this.#lines.keys()) socket.destroy();
    this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #accept(socket: Socket): void {
    this.#lines.set(socket, undefined);
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) socket.destroy();
      for (const line of lines) this.#read(line, socket);
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#left(socket));
  }

  #read(line: string, socket: Socket): void {
    const message = parse(line);
    if (message === undefined) {
      socket.destroy();
      return;
    }
    const source = this.#lines.get(socket);
    if (message.kind === 'hello') {
      if (source) return;
      this.#sources++;
      this.#lines.set(socket, message);
    } else if (source) {
      this.emit('message', message, source);
    }
  }

  #left(socket: Socket): void {
    const source = this.#lines.get(socket);
    this.#lines.delete(socket);
    if (!source) return;
    const last = lastWords(this.folder, source);
    if (last && last.kind !== 'hello') this.emit('message', last, source);
    this.emit('gone', source);
  }
}

/** A socket's path may have about a hundred bytes; on Windows it is none of this folder's. */
function shortTempFolder(): string {
  const folder = tmpdir();
  if (process.platform === 'win32') return folder;
  return Buffer.byteLength(folder) > LONGEST_FOLDER ? '/tmp' : folder;
}

function lastWords(folder: string, source: Source): Message | undefined {
  try {
    return parse(readFileSync(lastWordsIn(folder, source), 'utf8'));
  } catch {
    // It had no time for any, or nothing to say.
    return undefined;
  }
}

function parse(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}
