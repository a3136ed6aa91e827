import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CliRun } from '../../testing/run-cli.ts';
import { renderJson } from '../report/json.ts';
import { madeUpClosed, madeUpGood, madeUpSteps } from '../testing/made-up.ts';
import { compare } from './compare.ts';
import { renderComparison } from './text.ts';

const colours = pc.createColors(false);
const [before, after] = [madeUpSteps(), madeUpGood()];

describe.each([80, 120])('at %i columns', (width) => {
  test('two results', async () => {
    const names = ['before.json', 'after.json'] as const;
    const text = renderComparison(compare(before, after), names, { width, colours });
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/compare-${width}.txt`);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });
});

test('says what is better, and what is worse', () => {
  expect(compare(before, after).verdict).toBe(
    'At 800/s B served 1.9 × as many (800/s instead of 430/s), had a p99 of 44 ms instead of 9.7 s and failed none of the requests instead of 46 %.',
  );
  expect(compare(after, before).verdict).toContain('failed 46 % of the requests instead of none');
  expect(compare(after, after).verdict).toBe('At 800/s B differs from A by less than a tenth.');
  const searched = { ...after, knee: { held: 800, lost: 880 } };
  expect(compare({ ...before, knee: { held: null, lost: 1 } }, searched).verdict).toBe(
    'A held no rate at all, B 800/s.',
  );
});

test('says what is not comparable', () => {
  expect(compare(before, after).notes).toEqual(['Only A has 100/s, 400/s.']);
  const { verdict, notes } = compare(madeUpClosed(), after);
  expect(verdict).toBe('The two have no load in common.');
  expect(notes).toContain('They differ in method: POST and GET.');
  expect(notes).toContain('They differ in model: closed and open.');
  const moved = { ...after, target: { ...after.target, url: 'http://127.0.0.1:4000/api/home' } };
  expect(compare(after, moved).notes).toEqual([]);
});

describe('as a user does it', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lifeguard-load-'));
    await writeFile(file('a.json'), renderJson(before));
    await writeFile(file('b.json'), renderJson(after));
    await writeFile(file('old.json'), renderJson(after).replace('"version": 1', '"version": 0'));
    await writeFile(file('other.json'), '{"command":"doctor","version":1}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('JSON', async () => {
    const run = new CliRun(['load', '--compare', file('a.json'), file('b.json'), '--json']);
    expect(await run.end()).toBe(0);
    const { version, command, verdict, steps } = JSON.parse(run.stdout);
    expect([version, command, steps.length]).toEqual([1, 'load-compare', 1]);
    expect(verdict).toContain('At 800/s B served');
    expect(steps[0].lines[0]).toEqual({
      name: 'served',
      a: '430/s',
      b: '800/s',
      ratio: '1.9 ×',
      isBetter: true,
    });
  });

  test.each([
    [['a.json'], /--compare takes two results, and 1 is given/],
    [['a.json', 'none.json'], /none\.json: there is no such file/],
    [['a.json', 'other.json'], /other\.json: that is no result of lifeguard load --json/],
    [['old.json', 'a.json'], /old\.json: it is of version 0/],
  ])('%j: exit code 2', async (names, words) => {
    const run = new CliRun(['load', '--compare', ...names.map(file)]);
    expect(await run.end()).toBe(2);
    expect(run.stderr).toMatch(words);
  });
});
