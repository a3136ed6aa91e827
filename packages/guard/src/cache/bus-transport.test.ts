import { beforeEach, expect, test } from 'vitest';
import { type FakeBus, FakeNetwork } from '../bus/testing/fake-bus.ts';
import { BusTransport } from './bus-transport.ts';
import { settled } from './testing/fake-wall-clock.ts';

let log: string[];
let network: FakeNetwork;
beforeEach(() => {
  log = [];
  network = new FakeNetwork();
});

async function open(name: string): Promise<{ transport: BusTransport; bus: FakeBus }> {
  const bus = network.bus();
  const transport = new BusTransport(bus, 'channel', 'prefix', {
    invalidated: (keys, tags) => void log.push(`${name} drops ${[...keys, ...tags].join(' ')}`),
    cleared: () => void log.push(`${name} cleared`),
    missed: () => void log.push(`${name} missed some`),
    failed: (error) => void log.push(`${name}: ${(error as Error).message}`),
  });
  await transport.subscribe('bentocache', (payload: { type: string; namespace: string }) => {
    log.push(`${name} memory ${payload.type} ${payload.namespace}`);
  });
  return { transport, bus };
}

test("carries bentocache's words and ours to the others, and not back", async () => {
  const one = await open('one');
  await open('two');
  await one.transport.publish('bentocache', { type: 'delete', keys: ['k'], namespace: 'prefix' });
  await one.transport.tell(['k'], ['t']);
  await one.transport.tellAll();
  expect(log).toEqual(['two memory delete prefix', 'two drops k t', 'two cleared']);
});

test('after a loss the memory is emptied: something may have been missed', async () => {
  const { bus } = await open('one');
  bus.cut();
  bus.restore();
  expect(log).toEqual(['one memory clear prefix', 'one missed some']);
});

test('what could not be told is made up for as soon as possible', async () => {
  const one = await open('one');
  await open('two');
  one.bus.cut();
  await one.transport.tell(['k'], []);
  expect(log.splice(0)).toEqual(['one: no connection']);
  one.bus.restore();
  await settled();
  expect(log.splice(0)).toEqual([
    'one memory clear prefix',
    'one missed some',
    'two memory clear prefix',
    'two missed some',
  ]);
  await one.transport.tell(['l'], []);
  expect(log).toEqual(['two drops l']);
});

test('what is too long for a bus is told as "something"', async () => {
  const one = await open('one');
  await open('two');
  const keys = Array.from({ length: 1_000 }, (_, i) => `a key of some length ${i}`);
  await one.transport.tell(keys, []);
  expect(log).toEqual(['two memory clear prefix', 'two missed some']);
  expect(one.bus.published.every((text) => text.length < 8_000)).toBe(true);
});

test('words of somebody else on the channel are ignored', async () => {
  const { bus } = await open('one');
  for (const text of ['hello', '', 'null', '42', '{}', '{"from":1}'])
    await bus.publish('channel', text);
  expect(log).toEqual([]);
});
