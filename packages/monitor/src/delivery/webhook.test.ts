import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { began, over } from '../testing/incidents.ts';
import { Webhook, type WebhookMessage, type WebhookOptions } from './webhook.ts';

let clock: FakeClock;
let server: Server;
let origin: string;
let got: { body: WebhookMessage; authorization: string | undefined }[];
/** What the server answers, in turn; then 200. `never`: nothing. */
let answers: (number | 'never')[];
let failures: string[];
let webhook: Webhook;

beforeEach(async () => {
  clock = new FakeClock();
  got = [];
  answers = [];
  failures = [];
  server = createServer(async (request, response) => {
    const body = (await json(request)) as WebhookMessage;
    got.push({ body, authorization: request.headers.authorization });
    const answer = answers.shift() ?? 200;
    if (answer === 'never') return;
    response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  webhook = open();
});
afterEach(() => {
  webhook.stop();
  server.closeAllConnections();
  server.close();
});

function open(options: Partial<WebhookOptions> = {}): Webhook {
  return new Webhook(
    { url: `${origin}/services/T0/very-secret`, ...options },
    {
      process: { pid: 7, host: 'web-1' },
      clock,
      failed: ({ message }) => failures.push(message),
    },
  );
}

/** Lets the pauses between attempts pass as soon as they are waited for. */
async function arrived(count: number): Promise<void> {
  await expect
    .poll(() => {
      clock.advance(60_000);
      return got.length;
    })
    .toBe(count);
}

test('what Slack reads, and all that programs want', async () => {
  webhook.tell(began());
  webhook.tell(over());
  await arrived(2);
  expect(got[0]?.body).toEqual({
    version: 1,
    type: 'began',
    text: [
      '🔴 pool-exhausted in pool main on web-1: callers gave up waiting',
      '• one in a hundred waits was over 5.0 s',
      '• 12 callers wait now',
      'What to do: Look at the other incidents first.',
    ].join('\n'),
    incident: began().incident,
    process: { pid: 7, host: 'web-1' },
  });
  expect(got[1]?.body.text).toBe(
    '✅ pool-exhausted in pool main on web-1 is over since 2026-03-01T12:00:05.000Z: callers gave up waiting (3 in all)',
  );
});

test('headers and body are as one likes', async () => {
  webhook = open({
    headers: { authorization: 'Bearer x' },
    body: ({ text }) => ({ content: text.slice(0, 2) }),
  });
  webhook.tell(began());
  await arrived(1);
  expect(got).toEqual([{ body: { content: '🔴' }, authorization: 'Bearer x' }]);
});

test.each([
  ['info', undefined, 0],
  ['warning', undefined, 1],
  ['warning', 'critical', 0],
  ['critical', 'critical', 1],
] as const)('a severity of %s where %s is asked for', async (severity, least, count) => {
  webhook = open({ severity: least });
  webhook.tell(began({ severity }));
  webhook.tell(began({ id: 'other', severity: 'critical' }));
  await arrived(count + 1);
});

test('the end is not told to whoever does not want it', async () => {
  webhook = open({ over: false });
  webhook.tell(began({ id: 'a' }));
  webhook.tell(over({ id: 'a' }));
  webhook.tell(began({ id: 'b' }));
  await arrived(2);
  expect(got.map(({ body }) => body.incident.id)).toEqual(['a', 'b']);
});

describe('a server that', () => {
  test('is ill for a while gets it in the end, once', async () => {
    answers = [503, 429, 500];
    webhook.tell(began());
    await arrived(4);
    expect(failures).toEqual([]);
  });

  test('does not answer in time is asked again', async () => {
    webhook = open({ timeoutMillis: 50 });
    answers = ['never'];
    webhook.tell(began());
    await arrived(2);
    expect(failures).toEqual([]);
  });

  test.each([
    ['stays ill', [500, 500, 500, 500], 'answered 500', 4],
    ['does not want it', [404], 'answered 404', 1],
    ['sends us elsewhere', [302], 'answered 302', 1],
  ])('%s is given up, and the next message gets its turn', async (_, given, problem, attempts) => {
    answers = given;
    webhook.tell(began({ id: 'a' }));
    webhook.tell(began({ id: 'b' }));
    await arrived(attempts + 1);
    expect(failures).toEqual([`the webhook at ${origin} ${problem}`]);
    expect(got.at(-1)?.body.incident.id).toBe('b');
  });

  test('is not there is told without the address’s secret', async () => {
    webhook = open({ url: 'http://127.0.0.1:1/services/very-secret' });
    webhook.tell(began());
    await expect
      .poll(() => {
        clock.advance(60_000);
        return failures;
      })
      .toEqual([expect.stringMatching(/^the webhook at http:\/\/127\.0\.0\.1:1 /)]);
    expect(failures.join()).not.toContain('secret');
  });
});

test('messages that wait are bounded', async () => {
  answers = ['never'];
  for (let i = 0; i < 200; i++) {
    webhook.tell(began({ id: `${i}` }));
    clock.advance(4_000);
  }
  expect(failures).toHaveLength(149);
  expect(failures[0]).toContain('the oldest message was given up');
});

test('stopped, it waits for nothing', async () => {
  answers = [500];
  webhook.tell(began());
  await expect.poll(() => got.length).toBe(1);
  await expect.poll(() => clock.timers).toBe(1);
  webhook.stop();
  expect(clock.timers).toBe(0);
  expect(failures).toEqual([]);
});

test.each(['', 'hooks.slack.com/services/x', 'file:///etc/passwd'])('"%s" is no address', (url) => {
  expect(() => open({ url })).toThrow('must be an address that begins with https:// or http://');
});
