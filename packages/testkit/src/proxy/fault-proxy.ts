import { connect, createServer, type Server, type Socket } from 'node:net';
import { findFreePort } from '../net/free-port.ts';
import { type Delays, type Faults, requireBandwidth, requireDelays } from './faults.ts';
import { ProxyConnection } from './proxy-connection.ts';
import { viaProxy } from './via-proxy.ts';

export interface FaultProxyOptions {
  /** The server to forward to; host defaults to 127.0.0.1. */
  target: { host?: string; port: number };
}

const HOST = '127.0.0.1';
const MAX_PORT_ATTEMPTS = 10;

/**
 * Starts a TCP proxy on a free port of 127.0.0.1, whose faults can be switched while it runs. Bytes go
 * through unchanged until a fault is asked for.
 */
export async function startFaultProxy({ target }: FaultProxyOptions): Promise<FaultProxy> {
  for (let attempt = 1; ; attempt++) {
    const proxy = new FaultProxy(target.host ?? HOST, target.port, await findFreePort());
    try {
      await proxy.accept();
      return proxy;
    } catch (error) {
      // Somebody took the port in between.
      if (attempt === MAX_PORT_ATTEMPTS) throw error;
    }
  }
}

/** A TCP proxy with faults: those asked of it hold for all its connections, present and future. */
export class FaultProxy implements Faults {
  readonly host = HOST;
  readonly port: number;
  readonly #target: { host: string; port: number };
  readonly #connections = new Set<ProxyConnection>();
  #listener: Server | undefined;
  /** What a new connection is to suffer, by the fault's name. */
  readonly #standing = new Map<string, (connection: ProxyConnection) => void>();

  /** Use startFaultProxy(). */
  constructor(targetHost: string, targetPort: number, port: number) {
    this.#target = { host: targetHost, port: targetPort };
    this.port = port;
  }

  /** The connections that are open now, oldest first; each takes the same faults for itself. */
  get connections(): ProxyConnection[] {
    return [...this.#connections];
  }

  /** The same connection string by way of this proxy. */
  url(serverUrl: string): string {
    return viaProxy(serverUrl, this);
  }

  delay(millis: number | Delays): void {
    requireDelays(millis);
    this.#forAll('delay', (connection) => connection.delay(millis));
  }

  throttle(bytesPerSecond: number): void {
    requireBandwidth(bytesPerSecond);
    this.#forAll('throttle', (connection) => connection.throttle(bytesPerSecond));
  }

  truncate(bytes: number): void {
    this.#forAll('truncate', (connection) => connection.truncate(bytes));
  }

  blackHole(): void {
    this.#forAll('blackHole', (connection) => connection.blackHole());
  }

  halfOpen(): void {
    for (const connection of this.#connections) connection.halfOpen();
  }

  reset(): void {
    for (const connection of this.#connections) connection.reset();
  }

  /** Refuses new connections (ECONNREFUSED) until accept() or heal(); present ones go on. */
  refuse(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  /** Takes connections again, on the same port. */
  accept(): Promise<void> {
    if (this.#listener) return Promise.resolve();
    const listener = createServer({ allowHalfOpen: true }, (client) => this.#serve(client));
    this.#listener = listener;
    return new Promise((resolve, reject) => {
      listener.once('error', (error) => {
        this.#listener = undefined;
        reject(error);
      });
      listener.listen(this.port, this.host, resolve);
    });
  }

  /** Ends all faults, for all connections, and accepts. Connections that lost bytes are reset. */
  async heal(): Promise<void> {
    this.#standing.clear();
    for (const connection of this.#connections) connection.heal();
    await this.accept();
  }

  /** Stops listening and resets what is still connected. */
  close(): void {
    this.refuse();
    this.reset();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #forAll(name: string, fault: (connection: ProxyConnection) => void): void {
    this.#standing.set(name, fault);
    for (const connection of this.#connections) fault(connection);
  }

  #serve(client: Socket): void {
    const server = connect({ ...this.#target, allowHalfOpen: true });
    const connection = new ProxyConnection(client, server, () => {
      this.#connections.delete(connection);
    });
    this.#connections.add(connection);
    for (const fault of this.#standing.values()) fault(connection);
    // Else it would take one of the server's connections, as nothing does that never gets there.
    if (this.#standing.has('blackHole')) server.destroy();
  }
}
