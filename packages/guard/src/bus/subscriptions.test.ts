import { expect, test } from 'vitest';
import { settled } from '../cache/testing/fake-wall-clock.ts';
import { type Link, Subscriptions } from './subscriptions.ts';

/** A link that notes what it is asked and answers when the test says so. */
class FakeLink implements Link {
  readonly asked: string[] = [];
  #answers: { resolve: () => void; reject: (error: Error) => void }[] = [];

  listen(channels: readonly string[]): Promise<void> {
    this.asked.push(`listen ${channels.join(' ')}`);
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  }

  async unlisten(channel: string): Promise<void> {
    this.asked.push(`unlisten ${channel}`);
  }

  async answer(): Promise<void> {
    this.#answers.shift()?.resolve();
    await settled();
  }

  async fail(): Promise<void> {
    this.#answers.shift()?.reject(new Error('lost'));
    await settled();
  }
}

function listener(log: string[], name: string) {
  return {
    message: (text: string) => void log.push(`${name}: ${text}`),
    restored: () => void log.push(`${name} restored`),
  };
}

test('listens once for all listeners of a channel, and also to what comes while it waits', async () => {
  const subscriptions = new Subscriptions();
  const link = new FakeLink();
  const log: string[] = [];
  subscriptions.add('a', listener(log, 'first')).ready.then(() => log.push('a ready'));
  subscriptions.add('a', listener(log, 'second'));
  subscriptions.connected(link);
  const b = subscriptions.add('b', listener(log, 'third'));
  b.ready.then(() => log.push('b ready'));
  await link.answer();
  expect(log).toEqual(['a ready']);
  await link.answer();
  expect(link.asked).toEqual(['listen a', 'listen b']);
  subscriptions.hear('a', 'hello');
  expect(log).toEqual(['a ready', 'b ready', 'first: hello', 'second: hello']);
  b.unsubscribe();
  expect(link.asked.at(-1)).toBe('unlisten b');
});

test('tells every listener when it listens again, and not before', async () => {
  const subscriptions = new Subscriptions();
  const log: string[] = [];
  subscriptions.add('a', listener(log, 'a'));
  const first = new FakeLink();
  subscriptions.connected(first);
  await first.answer();
  subscriptions.lost();
  const second = new FakeLink();
  subscriptions.connected(second);
  await settled();
  expect(log).toEqual([]);
  await second.fail();
  expect(log).toEqual([]);
  const third = new FakeLink();
  subscriptions.connected(third);
  await third.answer();
  expect(log).toEqual(['a restored']);
});

test('an answer on a connection that is gone counts for nothing', async () => {
  const subscriptions = new Subscriptions();
  const log: string[] = [];
  subscriptions.add('a', listener(log, 'a')).ready.then(() => log.push('ready'));
  const first = new FakeLink();
  const second = new FakeLink();
  subscriptions.connected(first);
  subscriptions.connected(second);
  await first.answer();
  expect(log).toEqual([]);
  expect(second.asked).toEqual(['listen a']);
  await second.answer();
  expect(log).toEqual(['ready']);
});

test('who goes while it is asked for leaves nothing behind, and can come again', async () => {
  const subscriptions = new Subscriptions();
  const link = new FakeLink();
  const log: string[] = [];
  subscriptions.connected(link);
  subscriptions.add('a', listener(log, 'first')).unsubscribe();
  await link.answer();
  expect(link.asked).toEqual(['listen a', 'unlisten a']);
  subscriptions.add('a', listener(log, 'second')).ready.then(() => log.push('ready'));
  await settled();
  await link.answer();
  expect(link.asked.at(-1)).toBe('listen a');
  expect(log).toEqual(['ready']);
});
