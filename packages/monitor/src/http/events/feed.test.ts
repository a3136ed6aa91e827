import { expect, test } from 'vitest';
import { Feed } from './feed.ts';

function setUp({ maxClients = 10 } = {}) {
  const time = { now: 0 };
  const reads: number[] = [];
  const feed = new Feed({
    maxClients,
    boot: 'b',
    now: () => time.now,
    wall: () => time.now,
    read: (after) => {
      reads.push(after);
      return { after };
    },
  });
  const subscribe = (lastEventId: string | null = null, expiresAt?: number) => {
    const stream = feed.subscribe({ lastEventId, greeting: { you: 'may' }, expiresAt });
    return stream && new Client(stream.getReader());
  };
  return { feed, time, reads, subscribe };
}

class Client {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }
  /** The next event's text, undefined at the end. */
  async next(): Promise<string | undefined> {
    const { value } = await this.#reader.read();
    return value && new TextDecoder().decode(value);
  }
  leave(): Promise<void> {
    return this.#reader.cancel();
  }
}

const state = (tick: number, after: number) =>
  `id: b-${tick}\nevent: state\ndata: {"after":${after}}\n\n`;

test('greets, then tells everything, then what is new', async () => {
  const { feed, subscribe } = setUp();
  feed.publish(1);
  const client = subscribe();
  expect(await client?.next()).toBe('event: hello\ndata: {"you":"may"}\n\n');
  expect(await client?.next()).toBe(state(1, 0));
  const next = client?.next();
  feed.publish(2);
  expect(await next).toBe(state(2, 1));
});

test('serialises once a tick for all clients that have the same', async () => {
  const { feed, reads, subscribe } = setUp();
  feed.publish(1);
  const clients = Array.from({ length: 5 }, () => subscribe());
  for (const client of clients) await client?.next();
  await Promise.all(clients.map((client) => client?.next()));
  expect(reads).toEqual([0]);
  const next = clients.map((client) => client?.next());
  feed.publish(2);
  await Promise.all(next);
  expect(reads).toEqual([0, 1]);
});

test('reads nothing when nobody looks', () => {
  const { feed, reads } = setUp();
  feed.publish(1);
  feed.publish(2);
  expect(reads).toEqual([]);
});

test('gives a slow client the newest state with all that it missed, never a backlog', async () => {
  const { feed, subscribe } = setUp();
  feed.publish(1);
  const client = subscribe();
  await client?.next();
  await client?.next();
  for (let tick = 2; tick <= 20; tick++) feed.publish(tick);
  expect(await client?.next()).toBe(state(20, 1));
  const next = client?.next();
  feed.publish(21);
  expect(await next).toBe(state(21, 20));
});

test('drops a client that takes nothing for half a minute', async () => {
  const { feed, time, subscribe } = setUp();
  feed.publish(1);
  const slow = subscribe();
  const quick = subscribe();
  await quick?.next();
  await quick?.next();
  const waiting = quick?.next();
  time.now = 29_999;
  feed.publish(2);
  expect(feed.clients).toBe(2);
  await waiting;
  const more = quick?.next();
  time.now = 30_000;
  feed.publish(3);
  expect(feed.clients).toBe(1);
  await more;
  await slow?.next();
  expect(await slow?.next()).toBeUndefined();
});

test('goes on where the connection broke', async () => {
  const { feed, subscribe } = setUp();
  for (let tick = 1; tick <= 9; tick++) feed.publish(tick);
  const client = subscribe('b-7');
  await client?.next();
  expect(await client?.next()).toBe(state(9, 7));
});

test.each(['a-7', 'b-700', 'b--1', 'b-x', 'nonsense', ''])(
  'tells everything to whom it does not know: %s',
  async (id) => {
    const { feed, subscribe } = setUp();
    for (let tick = 1; tick <= 9; tick++) feed.publish(tick);
    const client = subscribe(id);
    await client?.next();
    expect(await client?.next()).toBe(state(9, 0));
  },
);

test('takes no more clients than it may, and one more when one has left', async () => {
  const { feed, subscribe } = setUp({ maxClients: 2 });
  feed.publish(1);
  const first = subscribe();
  subscribe();
  expect(subscribe()).toBeUndefined();
  await first?.leave();
  expect(feed.clients).toBe(1);
  expect(subscribe()).toBeDefined();
});

test('ends a stream when its session ends', async () => {
  const { feed, time, subscribe } = setUp();
  feed.publish(1);
  const client = subscribe(null, 5_000);
  await client?.next();
  await client?.next();
  const end = client?.next();
  time.now = 5_000;
  feed.publish(2);
  expect(await end).toBeUndefined();
  expect(feed.clients).toBe(0);
});

test('ends all streams when it closes', async () => {
  const { feed, subscribe } = setUp();
  const client = subscribe();
  await client?.next();
  const end = client?.next();
  feed.close();
  expect(await end).toBeUndefined();
  expect(feed.clients).toBe(0);
});
