import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { type ServerWatch, watchServer } from './server-watch.ts';

/** What the server answers: rows, or an error. */
let answer: (text: string) => Promise<unknown>;
let connect: () => Promise<void>;
let clients: FakeClient[];
let asked: string[];
let clock: FakeClock;
let watch: ServerWatch;

class FakeClient extends EventEmitter {
  readonly config: Record<string, unknown>;
  isEnded = false;

  constructor(config: Record<string, unknown>) {
    super();
    this.config = config;
    clients.push(this);
  }

  connect(): Promise<void> {
    return connect();
  }

  async query(text: string): Promise<unknown> {
    asked.push(text);
    const rows = await answer(text);
    return [{ rows: [] }, { rows: [] }, { rows: [] }, { rows }, { rows: [] }];
  }

  async end(): Promise<void> {
    this.isEnded = true;
  }
}

const LIMITS = {
  version: '18.4',
  role: 'app',
  database: 'shop',
  max_connections: 100,
  reserved: 3,
};

beforeEach(() => {
  clients = [];
  asked = [];
  answer = async (text) => (text.includes('max_connections') ? [LIMITS] : []);
  connect = async () => {};
  clock = new FakeClock();
  const options = {
    connectionString: 'postgresql://app:pw@db/shop?sslmode=disable&application_name=shop&x=1',
    statement_timeout: 60_000,
  };
  Object.defineProperty(options, 'password', { value: 'hidden', enumerable: false });
  watch = watchServer({ options, Client: FakeClient }, { clock });
});

/** Lets time pass, with time for what is asked to be answered. */
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds * 2; i++) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('one connection of its own, by its own name, with the pool’s way to the server', async () => {
  watch.start();
  await pass(60);
  expect(clients).toHaveLength(1);
  expect(clients[0]?.config).toMatchObject({
    connectionString: 'postgresql://app:pw@db/shop?sslmode=disable&x=1',
    password: 'hidden',
    application_name: 'lifeguard-monitor',
    statement_timeout: undefined,
  });
});

test('one question in 2.5 s at most, each in a transaction that changes nothing', async () => {
  watch.start();
  await pass(60);
  expect(asked.length).toBeGreaterThan(15);
  expect(asked.length).toBeLessThanOrEqual(25);
  for (const text of asked) {
    expect(text).toMatch(
      /^BEGIN READ ONLY;\nSET LOCAL statement_timeout = \d+;\nSET LOCAL lock_timeout = \d+;/,
    );
    expect(text).toMatch(/;\nCOMMIT$/);
  }
  const { version, connections, problem } = watch.snapshot();
  expect([version, connections.max, problem]).toEqual(['18.4', 97, null]);
});

test('no question is asked while the last one is not answered', async () => {
  answer = () => new Promise(() => {});
  watch.start();
  await pass(60);
  expect(asked).toHaveLength(1);
});

describe('a server that', () => {
  test('is not there is asked more and more rarely, and without a secret in the problem', async () => {
    connect = () => Promise.reject(new Error('no route to postgresql://app:pw@db/shop'));
    watch.start();
    await pass(600);
    expect(clients.length).toBeLessThan(16);
    expect(clients.every(({ isEnded }) => isEnded)).toBe(true);
    expect(watch.snapshot().problem).toBe('no route to postgresql://app:***@db/shop');
    connect = async () => {};
    await pass(61);
    expect(watch.snapshot()).toMatchObject({ problem: null, version: '18.4' });
  });

  test('refuses a question answers the others on the same connection', async () => {
    answer = async (text) => {
      if (text.includes('pg_stat_replication')) {
        throw Object.assign(new Error('permission denied'), { severity: 'ERROR', code: '42501' });
      }
      return text.includes('max_connections') ? [LIMITS] : [];
    };
    watch.start();
    await pass(60);
    expect(clients).toHaveLength(1);
    expect(asked).toContain('ROLLBACK');
    expect(watch.snapshot()).toMatchObject({ problem: null, version: '18.4' });
    expect(watch.snapshot().notSeen).toContain('replication: permission denied');
  });

  test('loses the connection gets a new one', async () => {
    watch.start();
    await pass(10);
    clients[0]?.emit('error', new Error('terminated'));
    await pass(10);
    expect(clients).toHaveLength(2);
  });

  test('falls silent loses the connection', async () => {
    watch.start();
    await pass(3);
    answer = () => Promise.reject(new Error('Query read timeout'));
    await pass(5);
    expect(clients[0]?.isEnded).toBe(true);
    expect(watch.snapshot().problem).toBe('Query read timeout');
  });
});

test('stopped, it closes the connection and asks no more; what was seen stays', async () => {
  watch.start();
  await pass(10);
  watch.stop();
  const count = asked.length;
  await pass(60);
  expect(asked).toHaveLength(count);
  expect([clients[0]?.isEnded, clock.timers]).toEqual([true, 0]);
  expect(watch.snapshot().version).toBe('18.4');
  watch.start();
  watch.start();
  await pass(10);
  expect(clients).toHaveLength(2);
});
