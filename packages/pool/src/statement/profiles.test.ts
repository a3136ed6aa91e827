import { describe, expect, test } from 'vitest';
import { StatementProfile, StatementProfiles } from './profiles.ts';

function profileOf(...serviceMillis: number[]): StatementProfile {
  const profile = new StatementProfile('SELECT 1');
  for (const millis of serviceMillis) profile.observe(millis);
  return profile;
}

describe('StatementProfile', () => {
  test('an unknown text is neither short nor long', () => {
    expect(profileOf()).toMatchObject({ pace: 'medium', expectedMillis: undefined, executions: 0 });
  });

  test.each([
    [0.1, 'short'],
    [10, 'short'],
    [10.1, 'medium'],
    [39, 'medium'],
    [40, 'long'],
  ])('of %d ms it is %s', (millis, pace) => {
    expect(profileOf(millis).pace).toBe(pace);
  });

  test('the mean forgets: about ten observations move it to a new level', () => {
    const profile = profileOf(1);
    for (let i = 0; i < 40; i++) profile.observe(200);
    expect(profile.expectedMillis).toBeGreaterThan(190);
    for (let i = 0; i < 30; i++) profile.observe(1);
    expect(profile.expectedMillis).toBeLessThan(2);
  });

  test('one pause of the process makes no short statement long', () => {
    const profile = profileOf(1, 1, 1, 30_000);
    expect(profile.pace).toBe('short');
    expect(profile.expectedMillis).toBeLessThan(2);
  });

  test('a comment that is another one each time is not worth preparing, one that comes again is', () => {
    const profile = profileOf(1, 1, 1, 1);
    const worth = (comment: string) => profile.isWorthPreparing(`SELECT 1 /*${comment}*/`, 3);
    expect(profile.isWorthPreparing('SELECT 1', 3)).toBe(true);
    for (let trace = 0; trace < 20; trace++) expect(worth(`trace ${trace}`)).toBe(false);
    const sent = ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'].map(worth);
    expect(sent).toEqual([false, false, false, false, false, false, true, true]);
  });

  test('but what was really long counts in full in the totals', () => {
    expect(profileOf(1, 500)).toMatchObject({ executions: 2, totalMillis: 501, maxMillis: 500 });
  });
});

describe('StatementProfiles', () => {
  test('one profile per text', () => {
    const profiles = new StatementProfiles();
    expect(profiles.of('SELECT 1')).toBe(profiles.of('SELECT 1'));
    expect(profiles.of('SELECT 2')).not.toBe(profiles.of('SELECT 1'));
  });

  test.each([
    "SELECT 1 /*traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01'*/",
    'SELECT 1 /* a */ /* b */',
    'SELECT 1/**/',
  ])('%s is SELECT 1: of a comment at the end nothing depends', (text) => {
    const profiles = new StatementProfiles();
    expect(profiles.of(text)).toBe(profiles.of('SELECT 1'));
  });

  test.each([
    '/* a */ UPDATE t SET n = 1 -- */',
    "SELECT '/* '; BEGIN -- */",
    'BEGIN /* a /* b */ */',
    'SELECT 1 */',
  ])('%s is taken as it is', (text) => {
    expect(new StatementProfiles().of(text).text).toBe(text);
  });

  test('endless texts are forgotten, those in use are kept', () => {
    const profiles = new StatementProfiles();
    const used = profiles.of('SELECT used');
    used.observe(1);
    used.observe(1);
    for (let i = 0; i < 10_000; i++) profiles.of(`SELECT ${i}`).observe(1);
    expect([...profiles.all()].length).toBeLessThanOrEqual(2_000);
    expect(profiles.of('SELECT used')).toBe(used);
  });

  test('when all are in use the oldest go', () => {
    const profiles = new StatementProfiles();
    for (let i = 0; i < 10_000; i++) {
      const profile = profiles.of(`SELECT ${i}`);
      profile.observe(1);
      profile.observe(1);
    }
    expect([...profiles.all()].length).toBeLessThanOrEqual(2_000);
  });

  test('a huge text is not kept', () => {
    const profiles = new StatementProfiles();
    profiles.of(`SELECT '${'x'.repeat(20_000)}'`);
    expect([...profiles.all()]).toEqual([]);
  });

  test('of the latest huge texts it is remembered what they are', () => {
    const profiles = new StatementProfiles();
    const insert = (n: number) => `INSERT INTO t VALUES ${'(1),'.repeat(10_000)}(${n})`;
    const { traits } = profiles.of(insert(1));
    for (let n = 2; n <= 4; n++) profiles.of(insert(n));
    const again = profiles.of(insert(1));
    expect(again.traits).toBe(traits);
    expect(again.executions).toBe(0);
    for (let n = 2; n <= 5; n++) profiles.of(insert(n));
    expect(profiles.of(insert(1)).traits).not.toBe(traits);
  });
});

test('names some of those who send it, and looks ever more rarely', () => {
  const profile = new StatementProfile('SELECT 1');
  const asked: string[] = [];
  const owner = (label: string) => ({
    get label() {
      asked.push(label);
      return label;
    },
  });
  for (let i = 1; i <= 20; i++) {
    profile.observe(1);
    profile.sentBy(owner(i < 4 ? 'a' : `b${i}`));
  }
  expect(asked).toEqual(['a', 'a', 'b4', 'b8']);
  expect(profile.senders).toEqual(['a', 'b4', 'b8']);
});
