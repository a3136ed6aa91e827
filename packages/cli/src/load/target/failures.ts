import { type Diagnosis, diagnose } from '@lifeguard/guard';
import type { Failure } from '../engine/request.ts';

/** Of an answer's body so much is read for what it says of the database. */
export const READ_BYTES = 4_096;
/** Answers that differ by an id or a time are of one kind; more kinds than this are not explained. */
const MOST_KINDS = 200;

/** By the words of Node and undici. */
const CONNECTION_FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CONNECT_TIMEOUT: 'connect timeout',
  ETIMEDOUT: 'connect timeout',
  EMFILE: 'out of sockets',
  ENFILE: 'out of sockets',
  EADDRNOTAVAIL: 'out of ports',
  EPROTO: 'no TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS',
};

/** By Node's names for what a certificate lacks. */
const CERTIFICATE = /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY))/;

/** What a connection that broke is counted as. */
export function failureOfError(error: Error): Failure {
  const { code } = error as NodeJS.ErrnoException;
  const cause = (error.cause as NodeJS.ErrnoException | undefined)?.code;
  const known = CONNECTION_FAILURES[code ?? ''] ?? CONNECTION_FAILURES[cause ?? ''];
  if (known) return { kind: known };
  if (code !== undefined && CERTIFICATE.test(code)) return { kind: 'certificate', code };
  if (error.name === 'HTTPParserError') return { kind: 'no HTTP' };
  return { kind: code ?? error.name };
}

/** Explains answers of 400 and more by the database error that their bodies tell of. */
export class AnswerFailures {
  /** By the text without what differs each time. */
  readonly #known = new Map<string, Failure>();

  of(status: number, body: string): Failure {
    const text = body.slice(0, READ_BYTES);
    const likeness = `${status} ${text.replace(/[0-9a-f-]{8,}|\d+(?:\.\d+)?/gi, '#')}`;
    let failure = this.#known.get(likeness);
    if (!failure) {
      failure = explain(status, text);
      if (this.#known.size < MOST_KINDS) this.#known.set(likeness, failure);
    }
    return failure;
  }
}

function explain(status: number, text: string): Failure {
  const plain: Failure = { kind: String(status), status };
  // A page for people names many things; an error is short.
  if (text.trim() === '' || /^\s*<(!doctype|html)/i.test(text)) return plain;
  const diagnosis: Diagnosis = diagnose(wordsOf(text));
  const { kind, code, title } = diagnosis;
  // What a request was wrong about is no sickness of the database.
  if (kind === 'unknown' || kind === 'not-found' || kind === 'constraint') return plain;
  return { kind: `${status} ${code ?? kind}`, status, ...(code && { code }), title };
}

/** What JSON says without its names: a code and a message that stand apart are understood together. */
function wordsOf(text: string): string {
  try {
    const words: string[] = [];
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'string') words.push(value);
      return value;
    });
    return words.join(': ');
  } catch {
    return text;
  }
}
