import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../engine/request.ts';
import { readUrl, requireOwnHost, shownUrl } from './address.ts';
import { AnswerFailures, failureOfError } from './failures.ts';
import { type HttpTarget, httpTarget } from './http-target.ts';
import { findAddress } from './reach.ts';
import { readRequest } from './request.ts';

/** A machine with much else to do. */
const PATIENT = { timeout: 10_000 };

const plain = { header: [] };

describe('the URL', () => {
  test.each([
    ['http://127.0.0.1:3000/api?x=1#part', 'http://127.0.0.1:3000/api?x=1'],
    ['localhost:3000/api', 'http://localhost:3000/api'],
    [':3000/api', 'http://localhost:3000/api'],
    ['3000', 'http://localhost:3000/'],
    ['3000/api', 'http://localhost:3000/api'],
    ['127.1:3000', 'http://127.0.0.1:3000/'],
    ['https://[::1]/', 'https://[::1]/'],
  ])('%s', (text, href) => {
    expect(readUrl(text).href).toBe(href);
  });

  test.each([
    ['', 'makes no sense'],
    ['/api/home', 'write :3000/api/home'],
    ['ftp://127.0.0.1/', 'begins with ftp://'],
    ['http://me:s3cret@127.0.0.1/', 'holds a login'],
  ])('%j is refused', (text, words) => {
    expect(() => readUrl(text)).toThrow(words);
    expect(() => readUrl(text)).not.toThrow('s3cret');
  });

  test('shows no secrets', () => {
    expect(shownUrl(readUrl(':1/a?page=2&access_token=abc&X-Amz-Signature=d'))).toBe(
      'http://localhost:1/a?page=2&access_token=***&X-Amz-Signature=***',
    );
  });
});

describe('only this machine', () => {
  const url = new URL('http://shop.test/');
  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('%s is it', (address) => {
    requireOwnHost(url, [{ address, family: address.includes(':') ? 6 : 4 }], false);
  });

  test('and so is an address of its interfaces', () => {
    const interfaces = { eth0: [{ address: '10.0.0.1' }, { address: 'fe80::1' }] };
    const found = [
      { address: '10.0.0.1', family: 4 },
      { address: 'fe80::1%eth0', family: 6 },
    ];
    requireOwnHost(url, found, false, interfaces);
    expect(() => requireOwnHost(url, found, false, {})).toThrow('10.0.0.1) is not this machine');
  });

  test.each(['10.0.0.1', '0.0.0.0', '::2', '192.0.2.1'])('%s is not', (address) => {
    const found = [
      { address: '127.0.0.1', family: 4 },
      { address, family: address.includes(':') ? 6 : 4 },
    ];
    expect(() => requireOwnHost(url, found, false, {})).toThrow(
      `shop.test (${address}) is not this machine`,
    );
    expect(() => requireOwnHost(url, found, true, {})).not.toThrow();
  });

  test('nobody listens', async () => {
    await expect(findAddress(new URL('http://localhost:1/'), false)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^localhost:1 can’t be reached: ECONNREFUSED/),
    });
  });

  test('a host that is not known', async () => {
    await expect(findAddress(new URL('http://nowhere.invalid/'), false)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('nowhere.invalid'),
    });
  });
});

describe('the request', () => {
  const url = new URL('http://127.0.0.1/a?b=c');

  test('is a GET', async () => {
    expect(await readRequest(url, plain)).toEqual({
      method: 'GET',
      path: '/a?b=c',
      headers: { 'user-agent': 'lifeguard-load' },
      body: undefined,
    });
  });

  test('with a body a POST, of a file too, whose headers may be others', async () => {
    const file = join(tmpdir(), `lifeguard-load-${process.pid}.json`);
    await writeFile(file, '{"a":1}');
    const request = await readRequest(url, { header: ['X-Test: a: b'], body: `@${file}` });
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-test': 'a: b' },
    });
    expect(String(request.body)).toBe('{"a":1}');
    const put = await readRequest(url, {
      method: 'put',
      header: ['Content-Type: x/y'],
      body: 'a=1',
    });
    expect(put).toMatchObject({ method: 'PUT', headers: { 'content-type': 'x/y' } });
  });

  test.each([
    [{ ...plain, body: '@/no/such/file' }, 'there is no such file'],
    [{ ...plain, method: 'GET', body: 'x' }, '--body goes with POST'],
    [{ ...plain, method: 'A B' }, 'no request can have that method'],
    [{ header: ['no colon'] }, '--header without a name'],
    [{ header: ['X-Key: a\nb'] }, '--header X-Key: write'],
    [{ header: ['Content-Length: 5'] }, '--header content-length: that one follows'],
    [{ ...plain, body: 'x'.repeat(10_485_761) }, 'at most 10485760 are sent'],
  ])('%# is refused', async (options, words) => {
    await expect(readRequest(url, options)).rejects.toThrow(words);
  });
});

describe('failures', () => {
  const message =
    'Timed out fetching a new connection from the connection pool. (Current connection pool timeout: 10, connection limit: 5)';
  test.each([
    [JSON.stringify({ error: 'P2024', message }), '503 P2024'],
    [
      JSON.stringify({ errors: [{ message, extensions: { code: 'P2024' } }] }),
      '503 app-pool-exhausted',
    ],
    ['FATAL: sorry, too many clients already', '503 server-max-connections'],
    ['The shop is closed.', '503'],
    ['<!doctype html><p>P2024', '503'],
    [JSON.stringify({ error: 'P2025', message: 'No record was found.' }), '503'],
    ['', '503'],
  ])('%s', (body, kind) => {
    expect(new AnswerFailures().of(503, body).kind).toBe(kind);
  });

  test('those that differ by a number are understood once', () => {
    const failures = new AnswerFailures();
    const first = failures.of(500, 'P2024: request 17 took 10.2 s');
    expect(failures.of(500, 'P2024: request 18 took 11.9 s')).toBe(first);
    expect(failures.of(503, 'P2024: request 18 took 11.9 s')).not.toBe(first);
  });

  test('of sockets', () => {
    const error = (code: string) => Object.assign(new Error(), { code });
    expect(failureOfError(error('ECONNREFUSED')).kind).toBe('refused');
    expect(failureOfError(error('UND_ERR_SOCKET')).kind).toBe('reset');
    expect(failureOfError(error('DEPTH_ZERO_SELF_SIGNED_CERT'))).toEqual({
      kind: 'certificate',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(failureOfError(error('ERR_SSL_WRONG_VERSION_NUMBER')).kind).toBe('no TLS');
    expect(failureOfError(error('EWHATEVER')).kind).toBe('EWHATEVER');
  });
});

describe('over HTTP', () => {
  let server: Server;
  let origin: string;
  let connections = 0;
  const seen: string[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      seen.push(`${request.method} ${request.url} ${request.headers['x-test'] ?? ''} ${body}`);
      if (request.url === '/away') response.writeHead(302, { location: 'http://192.0.2.1/' }).end();
      else if (request.url === '/busy') response.writeHead(503).end('P2024');
      else if (request.url === '/silent') response.flushHeaders();
      else if (request.url === '/broken') {
        response.writeHead(200, { 'content-length': 99 }).write('half', () => response.destroy());
      } else response.end('x'.repeat(100_000));
    });
    server.on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function targetAt(path: string, options = {}, at = origin): Promise<HttpTarget> {
    const url = new URL(path, at);
    const request = await readRequest(url, { ...plain, ...options });
    const address = { address: '127.0.0.1', family: 4 };
    return httpTarget({ url, address, request, connections: 2, insecure: false });
  }

  function once(target: HttpTarget): Promise<Outcome & { sent: boolean }> {
    let sent = false;
    return new Promise((resolve) =>
      target.send({
        onSent: () => {
          sent = true;
        },
        onEnd: (outcome) => resolve({ ...outcome, sent }),
      }),
    );
  }

  test('keeps its connections, and opens no more than it may', async () => {
    connections = 0;
    const target = await targetAt('/fine');
    for (let round = 0; round < 3; round++) {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => once(target)));
      expect(outcomes).toEqual(
        Array.from({ length: 8 }, () => ({ ok: true, status: 200, sent: true })),
      );
    }
    expect(connections).toBe(2);
    await target.close();
  });

  test('sends method, headers and body', async () => {
    const target = await targetAt('/order', {
      method: 'PATCH',
      header: ['x-test: yes'],
      body: '{}',
    });
    await once(target);
    expect(seen).toContain('PATCH /order yes {}');
    await target.close();
  });

  test('follows no redirect, and says where it leads', async () => {
    const target = await targetAt('/away');
    expect(await once(target)).toMatchObject({ ok: true, status: 302 });
    expect(target.redirectedTo).toBe('http://192.0.2.1/');
    await target.close();
  });

  test.each([
    ['/busy', undefined, { kind: '503 P2024', status: 503, code: 'P2024' }],
    ['/broken', undefined, { kind: 'reset' }],
    ['/', 'http://127.0.0.1:1', { kind: 'refused' }],
  ])('%s %s fails', async (path, at, failure) => {
    const target = await targetAt(path, {}, at);
    expect(await once(target)).toMatchObject({ ok: false, failure });
    await target.close();
  });

  test('what speaks no HTTP', async () => {
    const strange = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.end('220 mail.test ESMTP\r\n');
    });
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    const { port } = strange.address() as AddressInfo;
    const target = await targetAt('/', {}, `http://127.0.0.1:${port}`);
    expect(await once(target)).toMatchObject({ ok: false, failure: { kind: 'no HTTP' } });
    await target.close();
    strange.close();
  });

  test('one that is given up is ended, or never sent; nobody hears of it', async () => {
    const target = await targetAt('/silent');
    const heard: string[] = [];
    const send = (name: string) =>
      target.send({
        onSent: () => heard.push(`${name} sent`),
        onEnd: () => heard.push(`${name} over`),
      });
    const before = seen.length;
    const giveUps = ['a', 'b', 'c'].map(send);
    await expect.poll(() => heard, PATIENT).toEqual(['a sent', 'b sent']);
    for (const giveUp of [giveUps[2], giveUps[0], giveUps[1]]) giveUp?.();
    // The connections of those two are gone, and there is room for another.
    send('d');
    await expect.poll(() => heard, PATIENT).toEqual(['a sent', 'b sent', 'd sent']);
    await expect.poll(() => seen.length - before, PATIENT).toBe(3);
    await target.close();
  });
});
