import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { madeUpIncident } from '../testing/results.ts';
import type { Application } from './application.ts';
import type { ConnectionSampler } from './connection-sampler.ts';
import type { DemoDatabase } from './database.ts';
import { measureOutage } from './measure-outage.ts';
import { variants } from './variants.ts';

test('each application has an outage of its own, under load before, meanwhile and after', async () => {
  let isAway = false;
  const outages: string[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(isAway ? 503 : 200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const applications = variants.map(
    (variant) => ({ variant, origin, applicationName: variant.name }) as Application,
  );
  const outage = {
    begin: async () => {
      isAway = true;
      outages.push('begin');
    },
    end: async () => {
      isAway = false;
      outages.push('end');
    },
  };
  const sampler = { peakDuring: async (_: string, run: () => unknown) => [await run(), 3] };
  const [, visitors] = madeUpIncident.streams;
  if (!visitors) throw new Error('no stream');
  const incident = {
    ...madeUpIncident,
    outageSeconds: 0.1,
    streams: [{ ...visitors, arrival: { kind: 'open' as const, requestsPerSecond: 200 } }],
  };

  const { streams, of } = await measureOutage(incident, applications, {
    database: { outage } as unknown as DemoDatabase,
    sampler: sampler as unknown as ConnectionSampler,
    seconds: 0.1,
    progress: () => {},
  });
  server.closeAllConnections();
  server.close();
  expect(streams.map(({ name }) => name)).toEqual([
    'before it',
    'while the server is away',
    'after its return',
  ]);
  expect(outages).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
  for (const application of applications) {
    const { connections, streams: rows } = of.get(application) ?? { connections: 0, streams: [] };
    expect(connections).toBe(3);
    const [before, away, after] = rows.map(({ load }) => load);
    expect([before?.failed, away?.served]).toEqual([0, 0]);
    expect([before?.served, away?.failed, after?.served]).not.toContain(0);
  }
});
