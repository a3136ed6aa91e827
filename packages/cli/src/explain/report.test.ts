import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { againstSchema } from '../testing/schemas/validate.ts';
import { renderLog, renderOne, toJson } from './report.ts';
import { Tally } from './tally.ts';

const START = Date.parse('2026-11-27T10:00:00Z');
const options = { colours: pc.createColors(false), all: false };

function incident(): Tally {
  const tally = new Tally();
  const add = (text: string, minute?: number) =>
    tally.add({ text, time: minute === undefined ? undefined : START + minute * 60_000 });
  add('GET / 200', 0);
  for (let minute = 0; minute < 30; minute++) {
    add('FATAL: sorry, too many clients already', minute);
    if (minute % 3 === 0) add('Error: timeout exceeded when trying to connect', minute + 5);
  }
  add('P1001: Can’t reach database server at `db`:`5432`', 7);
  add('deadlock detected', 8);
  add('TypeError: secret-token is not a function', 9);
  return tally;
}

describe.each([80, 120])('at %i columns', (width) => {
  test('a log', async () => {
    const text = renderLog(incident(), { ...options, width });
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/log-${width}.txt`);
    for (const line of text.split('\n'))
      if (!isCode(line)) expect(line.length).toBeLessThanOrEqual(width);
  });

  test('one error', async () => {
    const tally = new Tally();
    tally.add({ text: 'P2028', time: undefined });
    const text = renderOne(tally, { ...options, width });
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/one-${width}.txt`);
  });
});

test('--all tells every kind in full', () => {
  const all = renderLog(incident(), { ...options, width: 80, all: true });
  expect(all).not.toContain('Besides');
  expect(all.split('Why, likeliest first').length - 1).toBe(incident().groups.length);
});

test('what an unknown error says is not told', () => {
  const report = renderLog(incident(), { ...options, width: 80 });
  expect(report).toContain('TypeError (1)');
  expect(report + toJson(incident())).not.toContain('secret-token');
});

test('JSON has a version, counts and times', () => {
  const report = JSON.parse(toJson(incident()));
  expect(report).toMatchObject({ version: 1, command: 'explain', entries: 44, unrecognised: 1 });
  expect(report.groups[0]).toMatchObject({
    kind: 'server-max-connections',
    count: 30,
    outcome: 'not-sent',
    first: '2026-11-27T10:00:00.000Z',
    last: '2026-11-27T10:29:00.000Z',
  });
  const [{ buckets }] = report.groups;
  expect(buckets.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(30);
});

/** Something to paste is never broken. */
function isCode(line: string): boolean {
  return line.startsWith('      ') || line.startsWith('  https://');
}

test('as JSON it is as its schema says', () => {
  const isValid = againstSchema('explain.schema.json');
  expect(isValid(JSON.parse(toJson(incident())))).toEqual([]);
  expect(isValid(JSON.parse(toJson(new Tally())))).toEqual([]);
  const untimed = new Tally();
  untimed.add({ text: 'P2024 and nothing else', time: undefined });
  expect(isValid(JSON.parse(toJson(untimed)))).toEqual([]);
});
