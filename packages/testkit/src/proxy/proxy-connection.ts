import type { Socket } from 'node:net';
import { type Delays, type Faults, requireBandwidth, requireDelays } from './faults.ts';
import type { LinkConditions } from './link-schedule.ts';
import { Pipe, type PipeMode } from './pipe.ts';

/** A client's connection through the proxy, on which faults can be switched one by one. */
export class ProxyConnection implements Faults {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #toServer: Pipe;
  readonly #toClient: Pipe;
  readonly #onClose: () => void;
  #toServerConditions: LinkConditions = { delayMillis: 0, bytesPerSecond: Infinity };
  #toClientConditions: LinkConditions = { delayMillis: 0, bytesPerSecond: Infinity };
  #mode: PipeMode = 'forward';
  #isClosed = false;

  /** Made by the proxy; both sockets allow half-open connections. */
  constructor(client: Socket, server: Socket, onClose: () => void) {
    this.#client = client;
    this.#server = server;
    this.#onClose = onClose;
    this.#toServer = new Pipe(client, server, this.#toServerConditions);
    this.#toClient = new Pipe(server, client, this.#toClientConditions);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.setNoDelay(true);
      // Followed by 'close', which tells whether there was one.
      socket.on('error', () => {});
      socket.on('close', (hadError) => {
        if (this.#mode !== 'forward') return;
        if (hadError) this.reset();
        else if (other.destroyed) this.#close();
      });
    }
  }

  delay(millis: number | Delays): void {
    requireDelays(millis);
    const { toServer = 0, toClient = 0 } =
      typeof millis === 'number' ? { toServer: millis, toClient: millis } : millis;
    this.#toServerConditions = { ...this.#toServerConditions, delayMillis: toServer };
    this.#toClientConditions = { ...this.#toClientConditions, delayMillis: toClient };
    this.#applyConditions();
  }

  throttle(bytesPerSecond: number): void {
    requireBandwidth(bytesPerSecond);
    this.#toServerConditions = { ...this.#toServerConditions, bytesPerSecond };
    this.#toClientConditions = { ...this.#toClientConditions, bytesPerSecond };
    this.#applyConditions();
  }

  truncate(bytes: number): void {
    this.#toClient.cutAfter(bytes, () => {
      // The server finds its client gone; what it sent so far still arrives.
      this.#server.destroy();
      this.#client.once('finish', () => this.#client.destroySoon());
    });
  }

  halfOpen(): void {
    this.#setMode('hold');
  }

  blackHole(): void {
    this.#setMode('discard');
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
    this.#close();
  }

  /**
   * Ends all faults. A black-holed connection is reset, for a stream that lost bytes can't go on; a
   * half-open one goes on where it stopped.
   */
  heal(): void {
    const isBroken = this.#client.destroyed || this.#server.destroyed;
    if (this.#mode === 'discard' || isBroken) {
      this.reset();
      return;
    }
    this.delay(0);
    this.throttle(Infinity);
    this.#toClient.uncut();
    this.#setMode('forward');
  }

  #applyConditions(): void {
    this.#toServer.conditions = this.#toServerConditions;
    this.#toClient.conditions = this.#toClientConditions;
  }

  #setMode(mode: PipeMode): void {
    this.#mode = mode;
    this.#toServer.mode = mode;
    this.#toClient.mode = mode;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#toServer.close();
    this.#toClient.close();
    this.#onClose();
  }
}
