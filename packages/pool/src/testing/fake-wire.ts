/** The server's messages of PostgreSQL's protocol, as far as a scripted server sends them. */
import type { TransactionStatus } from '../pg-internals.ts';

const TEXT_OF_INT4 = 23;

function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export const parseComplete = message('1');
export const bindComplete = message('2');
export const closeComplete = message('3');
export const noData = message('n');
export const emptyQuery = message('I');

const READY: Readonly<Record<TransactionStatus, Buffer>> = {
  I: message('Z', 'I'),
  T: message('Z', 'T'),
  E: message('Z', 'E'),
};

/** Of a ReadyForQuery, in bytes: the end of every answer. */
export const READY_LENGTH = READY.I.length;

export function readyForQuery(status: TransactionStatus): Buffer {
  return READY[status];
}

export const loggedIn = Buffer.concat([
  message('R', int32(0)),
  message('K', int32(1), int32(1)),
  READY.I,
]);

/** One column `id` of type int4. */
export const idDescription = message(
  'T',
  int16(1),
  'id\0',
  int32(0),
  int16(0),
  int32(TEXT_OF_INT4),
  int16(4),
  int32(-1),
  int16(0),
);

export function idRow(id: string): Buffer {
  return message('D', int16(1), int32(id.length), id);
}

export function commandComplete(tag: string): Buffer {
  return message('C', `${tag}\0`);
}

export interface ServerError {
  readonly severity: 'ERROR' | 'FATAL';
  readonly code: string;
  readonly text: string;
  readonly routine?: string;
}

export function errorResponse({ severity, code, text, routine }: ServerError): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`];
  if (routine) fields.push(`R${routine}`);
  return message('E', `${fields.join('\0')}\0\0`);
}

/** What a client asks, as far as the pool and pg ask it. */
export type ClientMessage =
  | { readonly type: 'query'; readonly text: string }
  | { readonly type: 'parse'; readonly name: string; readonly text: string }
  | { readonly type: 'bind'; readonly name: string; readonly values: readonly string[] }
  | { readonly type: 'close'; readonly name: string }
  | { readonly type: 'describe' | 'execute' | 'sync' | 'terminate' };

/** Reads the messages in what pg has written: it never writes half a message. */
export function* readMessages(bytes: Buffer): Generator<ClientMessage> {
  for (let at = 0; at < bytes.length; ) {
    const type = String.fromCharCode(bytes[at] ?? 0);
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    const read = new FieldReader(bytes.subarray(at + 5, end));
    at = end;
    switch (type) {
      case 'Q':
        yield { type: 'query', text: read.string() };
        break;
      case 'P':
        yield { type: 'parse', name: read.string(), text: read.string() };
        break;
      case 'B':
        read.string();
        yield { type: 'bind', name: read.string(), values: read.values() };
        break;
      case 'C':
        read.int8();
        yield { type: 'close', name: read.string() };
        break;
      case 'D':
        yield { type: 'describe' };
        break;
      case 'E':
        yield { type: 'execute' };
        break;
      case 'S':
        yield { type: 'sync' };
        break;
      case 'X':
        yield { type: 'terminate' };
        break;
      default:
        throw new Error(`the scripted server does not know message ${type}`);
    }
  }
}

class FieldReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#at++);
  }

  string(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  values(): string[] {
    this.#at += 2 + 2 * this.#bytes.readInt16BE(this.#at);
    const count = this.#bytes.readInt16BE(this.#at);
    this.#at += 2;
    return Array.from({ length: count }, () => {
      const length = this.#bytes.readInt32BE(this.#at);
      this.#at += 4 + Math.max(0, length);
      return this.#bytes.toString('utf8', this.#at - Math.max(0, length), this.#at);
    });
  }
}
