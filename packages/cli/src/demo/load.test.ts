import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closedLoop, type LoadResult } from '@lifeguard/testkit';
import { seededRandom } from '@lifeguard/testkit/random';
import { expect, test } from 'vitest';
import { madeUpIncident } from '../testing/results.ts';
import { applyLoad, joinRounds } from './load.ts';

async function round(part: Partial<LoadResult>): Promise<LoadResult> {
  const load = await closedLoop({ users: 2, durationMillis: 10, run: async () => {} });
  return { ...load, ...part };
}

test('rounds add up, and their throughput is the mean', async () => {
  const first = await round({ throughput: 100, durationSeconds: 3, errors: { timeout: 1 } });
  const second = await round({ throughput: 50, durationSeconds: 3, errors: { timeout: 2 } });
  const joined = joinRounds([first, second]);
  expect(joined).toMatchObject({
    throughput: 75,
    durationSeconds: 6,
    served: first.served + second.served,
    offered: first.offered + second.offered,
    errors: { timeout: 3 },
  });
});

test('sends all streams at once, the same requests for the same seed', async () => {
  const seen: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    seen.push([request.method, request.url, request.headers['content-type'], body].join(' '));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [shoppers, visitors] = madeUpIncident.streams;
  if (!shoppers || !visitors) throw new Error('no streams');
  const incident = {
    ...madeUpIncident,
    streams: [
      {
        ...shoppers,
        arrival: { kind: 'closed', users: 1 } as const,
        body: ({ random }: { random: () => number }) => ({ id: random() }),
      },
      { ...visitors, path: ({ random }: { random: () => number }) => `/${random()}` },
    ],
  };
  const run = async (seed: number) => {
    seen.length = 0;
    const result = await applyLoad(incident, `http://127.0.0.1:${port}`, 200, seed);
    return { result, post: seen.find((line) => line.startsWith('POST')) };
  };
  try {
    const { result, post } = await run(1);
    expect([...result.keys()]).toEqual(['checkout', 'product pages']);
    expect(result.get('checkout')).toMatchObject({ model: 'closed', failed: 0 });
    expect(result.get('checkout')?.served).toBeGreaterThan(0);
    expect(result.get('product pages')).toMatchObject({ model: 'open', failed: 0 });
    expect(post).toMatch(/^POST \/api\/checkout application\/json \{"id":0\.\d+\}$/);
    expect(post).toContain(String(seededRandom(1)()));
    // Each stream has a seed of its own, or their requests would go together.
    expect(seen).toContain(`GET /${seededRandom(2)()}  `);
    expect((await run(1)).post).toBe(post);
    expect((await run(2)).post).not.toBe(post);
  } finally {
    server.close();
  }
});
