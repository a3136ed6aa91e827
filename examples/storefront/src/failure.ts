import { Refusal, type RefusalCode } from './refusal.ts';

/** What a caller is told when a request fails: an HTTP status and a body without paths, stacks or SQL. */
export interface Failure {
  readonly status: 400 | 401 | 402 | 404 | 409 | 500 | 503;
  readonly error: string;
  readonly message: string;
}

const refusalStatus = {
  'bad-request': 400,
  'payment-declined': 402,
  'not-found': 404,
  'not-signed-in': 401,
  'sold-out': 409,
  unavailable: 503,
  'unknown-product': 409,
} as const satisfies Record<RefusalCode, number>;

/** Prisma's codes for a database that can't serve right now: unreachable, timed out, pool exhausted, too many clients. */
const unavailable = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** SQLSTATEs of the same kind, which Prisma wraps: too many clients, time-outs, a server that stops or starts. */
const unavailableState = /Code: `(53300|57014|57P0[1-5]|25P0[34]|55P03|08\w{3})`/;

/** pg's own errors, which reach the caller without any code. */
const unavailableText =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Query read timeout)/;

/** Turns whatever a route threw into an answer. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Refusal) {
    return { status: refusalStatus[error.code], error: error.code, message: error.message };
  }
  const message = error instanceof Error ? firstLine(error.message) : '';
  const code = codeOf(error);
  if (code === 'P2003') {
    return { status: 409, error: code, message: 'The user or product does not exist.' };
  }
  if (code !== undefined && (unavailable.has(code) || unavailableState.test(message))) {
    return { status: 503, error: code, message };
  }
  if (unavailableText.test(message)) return { status: 503, error: 'connection', message };
  return { status: 500, error: 'internal', message: 'The shop failed to answer this request.' };
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The first line that says what happened: Prisma puts the call and a frame of the source before it. */
function firstLine(message: string): string {
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const frameEnd = lines.findIndex((line) => line.startsWith('→'));
  const start = frameEnd >= 0 ? frameEnd + 1 : lines[0]?.startsWith('Invalid `') ? 1 : 0;
  return lines[start] ?? '';
}
