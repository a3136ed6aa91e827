/**
 * The parts of node-postgres that its types leave out and the pool stands on.
 * All of them exist since pg 8.23; one file names them, so that a new pg is checked in one place.
 */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

/** The wire: each method writes one message of the protocol. */
export interface WireConnection extends EventEmitter {
  readonly stream: Socket;
  /** Texts of the named statements that the server has parsed. */
  parsedStatements: Record<string, string>;
  query(text: string): void;
  parse(message: { text: string; name: string }): void;
  bind(message: {
    portal: string;
    statement: string;
    values: readonly unknown[];
    binary: boolean;
  }): void;
  describe(message: { type: 'P' | 'S'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  close(message: { type: 'P' | 'S'; name: string }): void;
  sync(): void;
  readonly ssl: unknown;
  readonly sslNegotiation: string;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number | null, secretKey: unknown): void;
}

/** What the server says of the session after each command: idle, in a transaction, in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface PgClient extends EventEmitter {
  /** Missing in clients of another kind than pg's own. */
  readonly connection: WireConnection | undefined;
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: unknown;
  readonly connectionParameters?: { readonly query_timeout?: unknown };
  readonly readyForQuery?: boolean;
  readonly _activeQuery: PgQuery | null | undefined;
  readonly _queryQueue: unknown[];
  readonly _sentQueryQueue: readonly unknown[];
  _pulseQueryQueue?(): void;
  readonly _txStatus?: TransactionStatus | null;
  readonly _queryable: boolean;
  readonly _ending: boolean;
  /** True: statements are sent without waiting for the answers to those before them. */
  pipeline: boolean;
  release?: (error?: Error | boolean) => void;
  [Symbol.asyncDispose]?: () => Promise<void>;
  connect(callback: (error: Error | null) => void): void;
  query(config: unknown, values?: unknown, callback?: unknown): unknown;
  end(callback?: () => void): unknown;
  ref?(): void;
  unref?(): void;
  getTransactionStatus?(): TransactionStatus | null;
}

export interface PgResult {
  addRow(row: unknown): void;
  addCommandComplete(message: { text: string }): void;
  parseRow(fields: unknown[]): unknown;
}

/** pg's own Query: it collects rows, and pg's client takes only its instances into a pipeline. */
export interface PgQuery {
  text: string;
  name: string | null | undefined;
  values: unknown[] | undefined;
  binary: boolean;
  queryMode: string | undefined;
  callback: unknown;
  _result: PgResult;
  _results: unknown;
  _canceledDueToError: Error | false;
  requiresPreparation(): boolean;
  prepare(wire: WireConnection): void;
  submit(wire: WireConnection): Error | null;
  handleCommandComplete(message: unknown, wire: WireConnection): void;
  handleError(error: Error, wire: WireConnection | undefined): void;
}

export type QueryClass = new (config: unknown, values?: unknown, callback?: unknown) => PgQuery;
export type ClientClass = (new (config: unknown) => PgClient) & { readonly Query?: QueryClass };

/** pg-pool's class as the pool sees it: its counters and methods are all replaced. */
export declare class PgPoolBase extends EventEmitter {
  constructor(config: unknown);
  readonly options: pg.PoolConfig & PgPoolOptions;
  readonly Client: ClientClass;
  readonly Promise: PromiseConstructor;
  readonly log: (...message: unknown[]) => void;
}

/** The same with methods of its own, for a pool that only looks on. */
export declare class PgOwnPool extends PgPoolBase {
  constructor(...args: unknown[]);
  override Client: ClientClass;
  readonly totalCount: number;
  readonly idleCount: number;
  connect(callback?: PgConnectCallback): unknown;
  query(...args: unknown[]): unknown;
}

export type PgConnectCallback = (
  error: Error | undefined,
  client?: PgClient,
  release?: PgClient['release'],
) => void;

/** Of pg.PoolConfig, what the pool reads after pg-pool has taken it in. */
export interface PgPoolOptions {
  query_timeout?: number;
  connectionString?: string;
  onConnect?: (client: PgClient) => unknown;
  verify?: (client: PgClient, done: (error?: Error) => void) => void;
}

/** What the pool needs of one copy of `pg`. */
export interface PgModule {
  readonly Pool: typeof pg.Pool;
  readonly Client: typeof pg.Client;
  readonly utils: { prepareValue(value: unknown): unknown };
}

/**
 * Clients can send statements without waiting for answers since pg 8.23.
 *
 * @throws {Error} when this copy of pg is older, or is pg-native.
 */
export function requirePipeline({ Client }: PgModule): void {
  if ('_pulsePipelinedQueryQueue' in Client.prototype) return;
  throw new Error(
    'this copy of pg has no pipeline: Lifeguard needs pg 8.23 or later (and not pg-native). Run `npm install pg@latest`, and `npm dedupe` where a library brings its own.',
  );
}

/** Whether clients of this class speak the protocol themselves; pg-native's and a test's own don't. */
export function hasWire(Client: ClientClass): boolean {
  return typeof Client.Query?.prototype?.requiresPreparation === 'function';
}

/** Whether the server knows a named statement of the application's own, and by this text: pg refuses another one. */
export function hasBeenParsed({ connection }: PgClient, name: string, text: string): boolean {
  return connection?.parsedStatements[name] === text;
}

/** After DISCARD ALL the server knows no named statement any more. */
export function forgetParsed({ connection }: PgClient): void {
  if (connection) connection.parsedStatements = {};
}

/** Sends what is the pool's own affair, past whoever has wrapped `query` to trace the application's statements. */
export function sendUntraced(client: PgClient, query: PgQuery): void {
  // A client that is lost, or being ended, takes nothing more: somebody hears of that in a moment.
  if (!client._queryable || client._ending) return;
  client._queryQueue.push(query);
  client._pulseQueryQueue?.();
}

/**
 * Sends a statement through a `query` that a tracer has wrapped. Afterwards some look for it at the end of the
 * queue, where in a pipeline it does not stay: so it goes on only then.
 */
export function sendTraced(client: PgClient, send: PgClient['query'], query: unknown): void {
  client._pulseQueryQueue = () => {};
  try {
    send.call(client, query);
  } finally {
    Reflect.deleteProperty(client, '_pulseQueryQueue');
    client._pulseQueryQueue?.();
  }
}

/** What the server has said of the session last, whoever's it is; undefined from a client of another kind. */
export function sessionStatus({ _txStatus }: PgClient): TransactionStatus | null | undefined {
  return _txStatus;
}

/** The statement that the server is at. */
export function activeQuery({ _activeQuery }: PgClient): PgQuery | undefined {
  return _activeQuery ?? undefined;
}

/** The server has sent all that was asked of a cursor (or of a stream, which has one), and waits to be asked again. */
export function awaitsItsReader({ _activeQuery }: PgClient): boolean {
  const { cursor = _activeQuery } = Object(_activeQuery) as { cursor?: unknown };
  return (cursor as { state?: unknown } | null | undefined)?.state === 'idle';
}

/** Whether the client has answered everything that it was given; one without a wire doesn't tell. */
export function isQuiet(client: PgClient): boolean {
  if (!client.connection) return true;
  return (
    client.readyForQuery === true &&
    client._queryQueue.length === 0 &&
    client._sentQueryQueue.length === 0
  );
}
