import { describe, expect, test } from 'vitest';
import { coloursOf } from '../../terminal/colours.ts';
import { textWidth } from '../../terminal/words.ts';
import { madeUpStatus, wellFacts } from '../testing/made-up.ts';
import { checksOf } from './checks.ts';
import { renderText } from './render.ts';

const complaints = (...args: Parameters<typeof wellFacts>) =>
  checksOf(wellFacts(...args))
    .filter(({ status }) => status !== 'pass')
    .map(({ status, id }) => `${status} ${id}`);

test('of one that is well all pass', () => {
  expect(complaints()).toEqual([]);
});

test.each([
  ['a parameter that it refuses', { refusedParameter: 'options' }, ['fail startup-parameters']],
  [
    'prepared statements that it does not know',
    { pool: { limit: 5, waitSeconds: 10, prepares: true } },
    ['fail prepared-statements'],
  ],
  [
    'and that it knows',
    { knowsPrepared: true, pool: { limit: 5, waitSeconds: 10, prepares: true } },
    [],
  ],
  ['not found out', { knowsPrepared: undefined }, ['unseen prepared-statements']],
  ['more than is wise', { server: { usable: 20, others: 5 } }, ['warn sizes']],
  ['more than there is', { server: { usable: 12, others: 5 } }, ['fail sizes']],
  ['more clients than it takes', { clients: 201 }, ['fail clients']],
  ['session mode', { status: madeUpStatus({ config: { pool_mode: 'session' } }) }, ['fail mode']],
  [
    'logins without a password',
    { status: madeUpStatus({ config: { auth_type: 'trust' } }) },
    ['fail auth'],
  ],
  ['MD5', { status: madeUpStatus({ config: { auth_type: 'md5' } }) }, ['warn auth']],
  ['an open way', { host: 'pooler.example.com' }, ['warn tls']],
  ['no address for migrations', { direct: 'missing' as const }, ['warn direct-url']],
  ['one that does not work', { direct: { failed: 'refused' } }, ['fail direct-url']],
  ['no console', { status: undefined }, ['unseen mode', 'unseen sizes']],
  ['no pooler at all', { status: undefined, isPooled: false }, ['fail pooler']],
])('%s', (_, facts, found) => {
  expect(complaints(facts)).toEqual(found);
});

describe.each([80, 120])('at %i columns', (width) => {
  test.each([
    ['well', wellFacts()],
    [
      'sick',
      wellFacts({
        host: 'pooler.example.com',
        clients: 960,
        direct: 'pooled',
        refusedParameter: 'statement_timeout',
        server: { usable: 12, others: 5 },
        pool: { limit: 20, waitSeconds: 10, prepares: true },
      }),
    ],
    ['unseen', wellFacts({ status: undefined })],
  ])('%s', async (name, facts) => {
    const report = { where: 'shop at pooler.example.com:6432 (the URL)', checks: checksOf(facts) };
    const text = renderText(report, width, coloursOf({}, {}));
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/${name}-${width}.txt`);
  });
});
