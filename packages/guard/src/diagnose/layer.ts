import { KNOWN_CODES } from './catalogue.ts';
import { codesInText, isDatabaseCode, wordsMayDecide } from './codes.ts';
import { isForeign, namesForeignClient, withoutForeignSockets } from './foreign.ts';
import type { Outcome } from './types.ts';
import { librariesIn, speaksOfDatabase, wordsOf } from './words.ts';

/** One error of a chain, reduced to what rules look at. */
export interface Layer {
  readonly codes: readonly string[];
  readonly words: string;
  readonly speaksOfDatabase: boolean;
  /** The error's own word on what became of the statement. */
  readonly outcome: Outcome | undefined;
  /** What this error wraps. */
  readonly causes: readonly Layer[];
  /** Errors that happened beside each other (AggregateError). */
  readonly parallel: readonly Layer[];
}

const MAX_LAYERS = 50;

/** Where libraries keep the error they wrap: ECMAScript, Sequelize, TypeORM, MikroORM, Neon. */
const CAUSE_KEYS = [
  'cause',
  'parent',
  'original',
  'driverError',
  'previous',
  'sourceError',
] as const;

/** Kinds of Prisma's driver adapters, as the codes that Prisma gives them. */
const ADAPTER_KINDS = new Map([
  ['AuthenticationFailed', 'P1000'],
  ['DatabaseNotReachable', 'P1001'],
  ['DatabaseDoesNotExist', 'P1003'],
  ['SocketTimeout', 'P1008'],
  ['DatabaseAccessDenied', 'P1010'],
  ['TlsConnectionError', 'P1011'],
  ['ConnectionClosed', 'P1017'],
  ['TransactionAlreadyClosed', 'P1018'],
  ['UniqueConstraintViolation', 'P2002'],
  ['ForeignKeyConstraintViolation', 'P2003'],
  ['RestrictViolation', 'P2003'],
  ['NullConstraintViolation', 'P2011'],
  ['TransactionWriteConflict', 'P2034'],
  ['TooManyConnections', 'P2037'],
]);

/** Unfolds an error with everything it wraps, each error once, however the links run. */
export function unfold(error: unknown): Layer | undefined {
  const seen = new Set<object>();
  let count = 0;

  function visit(value: unknown): Layer | undefined {
    if (count >= MAX_LAYERS) return undefined;
    count++;
    if (typeof value === 'string') return fromText(value, value === error);
    if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
    seen.add(value);
    return fromObject(
      value,
      visit,
      (each) => typeof each === 'object' && each !== null && seen.has(each),
    );
  }

  return visit(error);
}

function fromText(text: string, isWholeInput: boolean): Layer | undefined {
  const message = text.trim();
  const ofDatabase = speaksOfDatabase(text);
  if (!ofDatabase && namesForeignClient(text)) return undefined;
  const words = withoutForeignSockets(wordsOf(text));
  // "explain P2024": somebody asks about a code.
  const codes = isWholeInput && KNOWN_CODES.has(message) ? [message] : codesInText(words);
  return {
    codes,
    words,
    speaksOfDatabase: ofDatabase,
    outcome: undefined,
    causes: [],
    parallel: [],
  };
}

function fromObject(
  error: object,
  visit: (value: unknown) => Layer | undefined,
  wasSeen: (value: unknown) => boolean,
): Layer | undefined {
  const name = textAt(error, 'name');
  const message = textAt(error, 'message') || textAt(error, 'originalMessage');
  const stack = textAt(error, 'stack');
  const code = textAt(error, 'code');
  if (isForeign({ name, message, stack, code, port: at(error, 'port') })) return undefined;

  const meta = at(error, 'meta');
  const links = [...CAUSE_KEYS.map((key) => at(error, key)), at(meta, 'driverAdapterError')];
  const words = wordsOf(name === '' || name === 'Error' ? message : `${name}: ${message}`);
  const fields = codesInFields(error, meta, message);
  return {
    codes: wordsMayDecide(fields) ? [...new Set([...fields, ...codesInText(words)])] : fields,
    // Prisma's validation errors quote the arguments, which are the application's own words.
    words: name === 'PrismaClientValidationError' ? '' : words,
    speaksOfDatabase: speaksOfDatabase(`${name} ${message} ${librariesIn(stack)}`),
    outcome: outcomeAt(error),
    causes: links.map(visit).filter((layer) => layer !== undefined),
    parallel: [...new Set(listAt(error, 'errors'))]
      .filter((each) => !wasSeen(each))
      .map((each) => visit(each) ?? OPAQUE),
  };
}

/** Beside other errors, one that says nothing still counts: its statement may have run. */
const OPAQUE: Layer = {
  codes: [],
  words: '',
  speaksOfDatabase: false,
  outcome: undefined,
  causes: [],
  parallel: [],
};

function codesInFields(error: object, meta: unknown, message: string): string[] {
  const codes: string[] = [];
  const reason = textAt(meta, 'reason');
  for (const key of ['code', 'errorCode', 'originalCode'] as const) {
    const code = textAt(error, key);
    if (code === '') continue;
    const call =
      textAt(error, 'syscall') || (/^(connect|read|write) E[A-Z]/.exec(message)?.[1] ?? '');
    // The more precise form stands first.
    for (const precise of [`${code}:${reason}`, `${code}:${call}`]) {
      if (KNOWN_CODES.has(precise)) codes.push(precise);
    }
    if (!codes.includes(code)) codes.push(code);
  }
  const adapterKind = ADAPTER_KINDS.get(textAt(error, 'kind'));
  if (adapterKind !== undefined && !codes.some(isDatabaseCode)) codes.push(adapterKind);
  return codes;
}

function outcomeAt(error: object): Outcome | undefined {
  const outcome = at(error, 'outcome');
  return outcome === 'not-sent' || outcome === 'unknown' || outcome === 'failed'
    ? outcome
    : undefined;
}

function listAt(value: object, key: string): readonly unknown[] {
  const list = at(value, key);
  try {
    return Array.isArray(list) ? list.slice(0, MAX_LAYERS) : [];
  } catch {
    return [];
  }
}

function textAt(value: unknown, key: string): string {
  const text = at(value, key);
  return typeof text === 'string' ? text : '';
}

/** Errors come from anywhere: a getter or a proxy may throw. */
function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}
