import { EventEmitter } from 'node:events';

function noop(): void {}

/** All that a pool touches of a wire. */
class FakeWire extends EventEmitter {
  readonly stream = { cork: noop, uncork: noop, destroy: noop };
}

/**
 * In the place of a pg.Client: connects at once and is always idle, so that what remains is the
 * pool's own work.
 */
export class FakeClient extends EventEmitter {
  readonly connection = new FakeWire();
  readonly host = '127.0.0.1';
  readonly port = 0;
  readonly processID = null;
  readonly readyForQuery = true;
  readonly _queryQueue: unknown[] = [];
  readonly _sentQueryQueue: unknown[] = [];
  readonly _queryable = true;
  readonly _ending = false;
  pipeline = false;

  connect(callback: (error: Error | null) => void): void {
    process.nextTick(callback, null);
  }

  query(): never {
    throw new Error('a fake client answers no statements');
  }

  end(callback?: () => void): void {
    if (callback) process.nextTick(callback);
  }

  ref(): void {}

  unref(): void {}

  getTransactionStatus(): 'I' {
    return 'I';
  }
}
