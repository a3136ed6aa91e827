import { beforeEach, describe, expect, test } from 'vitest';
import { type FakeBus, FakeNetwork } from '../bus/testing/fake-bus.ts';
import { down, FakeSource } from '../cache/testing/fake-source.ts';
import { FakeWallClock, settled } from '../cache/testing/fake-wall-clock.ts';
import { fingerprint } from './fingerprint.ts';
import { Guard } from './session-guard.ts';
import type { CheckOptions, Session, SessionGuardOptions, SessionProblem } from './types.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const USER = { name: 'Anna' };
const session: Session = { id: 's' };

let clock: FakeWallClock;
let source: FakeSource;
let problems: SessionProblem[];

beforeEach(() => {
  clock = new FakeWallClock();
  source = new FakeSource();
  problems = [];
});

function open(options: Partial<SessionGuardOptions<Session, unknown>> = {}) {
  const validate = (each: Session, signal: AbortSignal) => source.load(each.id)(signal);
  const onProblem = (problem: SessionProblem) => problems.push(problem);
  return new Guard({ validate, onProblem, ...options }, clock);
}

/** A guard that has found the session valid so long ago. */
async function withValid(ageMillis: number, options = {}) {
  const guard = open(options);
  source.answer = USER;
  await guard.check(session);
  source.answer = undefined;
  await clock.advance(ageMillis);
  return guard;
}

/** Checks, and tells how it came out once it has. */
function checker(guard: ReturnType<typeof open>, each = session, options?: CheckOptions) {
  const seen = { outcome: undefined as unknown };
  guard.check(each, options).then(
    (verdict) => {
      seen.outcome = verdict;
    },
    (error: Error) => {
      seen.outcome = error.message;
    },
  );
  return seen;
}

const unavailable = { valid: false, reason: 'unavailable' };
const stale = { valid: true, state: 'stale', value: USER };

test('what was asked later counts, whichever answer comes first', async () => {
  const answers: ((valid: unknown) => void)[] = [];
  const guard = open({ validate: () => new Promise((resolve) => answers.push(resolve)) });
  const before = checker(guard);
  await clock.advance(1);
  const after = checker(guard, session, { fresh: true });
  await settled();
  answers[1]?.(null);
  await settled();
  answers[0]?.(USER);
  await settled();
  expect(before.outcome).toMatchObject({ valid: true });
  expect(after.outcome).toEqual({ valid: false, reason: 'invalid' });
  expect(await guard.check(session)).toEqual({ valid: false, reason: 'invalid' });
});

describe('a session', () => {
  test('with a request a second costs one validation a minute', async () => {
    const guard = open();
    source.answer = USER;
    for (let i = 0; i < 600; i++) {
      expect(await guard.check(session)).toMatchObject({ valid: true, value: USER });
      await clock.advance(SECOND);
    }
    expect(source.count).toBe(10);
    expect(guard.stats()).toMatchObject({ validations: 10, recent: 590, sessions: 1 });
  });

  test('is told when and how it was last validated', async () => {
    const guard = open();
    source.answer = USER;
    const validatedAt = clock.now();
    const first = await guard.check(session);
    expect(first).toEqual({
      valid: true,
      state: 'validated',
      validatedAt,
      ageMillis: 0,
      value: USER,
    });
    await clock.advance(59_999);
    const second = await guard.check(session);
    expect(second).toEqual({
      valid: true,
      state: 'recent',
      validatedAt,
      ageMillis: 59_999,
      value: USER,
    });
  });

  test('checked by many at once is one validation', async () => {
    const guard = open();
    const checks = Array.from({ length: 100 }, () => checker(guard));
    const other = checker(guard, { id: 'other' });
    await settled();
    expect(source.calls.map(({ key }) => key)).toEqual(['s', 'other']);
    for (const { resolve } of source.calls) resolve(USER);
    await settled();
    for (const { outcome } of [...checks, other])
      expect(outcome).toMatchObject({ state: 'validated' });
  });

  test('that is invalid is refused, and not asked about again for a minute', async () => {
    const guard = await withValid(MINUTE);
    for (const answer of [null, undefined, false]) {
      const refusing = open({ validate: () => answer });
      expect(await refusing.check(session)).toEqual({ valid: false, reason: 'invalid' });
    }
    const check = checker(guard);
    await settled();
    source.calls[0]?.resolve(null);
    await settled();
    expect(check.outcome).toEqual({ valid: false, reason: 'invalid' });
    await clock.advance(59_999);
    expect(await guard.check(session)).toEqual({ valid: false, reason: 'invalid' });
    expect(source.count).toBe(2);
    source.answer = USER;
    expect(await guard.check(session, { fresh: true })).toMatchObject({ state: 'validated' });
  });

  test('whose token expires soon is validated once more, and not at every request', async () => {
    const guard = open({ every: '10m' });
    source.answer = USER;
    const token = { ...session, expiresAt: clock.now() + 6 * MINUTE };
    await guard.check(token);
    await clock.advance(59_999);
    await guard.check(token);
    expect(source.count).toBe(1);
    await clock.advance(1);
    for (let i = 0; i < 100; i++) await guard.check(token);
    expect(source.count).toBe(2);
    await clock.advance(5 * MINUTE);
    expect(await guard.check(token)).toEqual({ valid: false, reason: 'expired' });
    expect(source.count).toBe(2);
  });

  test('is validated at once for a sensitive action, whatever is known', async () => {
    const guard = await withValid(SECOND);
    const running = checker(guard, session, { fresh: true });
    const another = checker(guard, session, { fresh: true });
    await settled();
    expect(source.calls.length).toBe(2);
    for (const { resolve } of source.calls) resolve(null);
    await settled();
    expect([running.outcome, another.outcome]).toEqual(
      Array(2).fill({ valid: false, reason: 'invalid' }),
    );
    expect(await guard.check(session)).toEqual({ valid: false, reason: 'invalid' });
  });

  test('that another process validated lately, as its token says, is not validated again', async () => {
    const guard = open();
    const token = { ...session, validatedAt: clock.now() - 30 * SECOND };
    expect(await guard.check(token)).toEqual({
      valid: true,
      state: 'recent',
      validatedAt: token.validatedAt,
      ageMillis: 30 * SECOND,
      value: undefined,
    });
    source.answer = USER;
    await guard.check({ ...session, validatedAt: clock.now() + 2 * MINUTE });
    await guard.check({ ...session, id: 'old', validatedAt: clock.now() - MINUTE });
    expect(source.count).toBe(2);
  });

  test('counts only for who brings its proof', async () => {
    const guard = open({
      validate: (each) => source.load(each.proof ?? '')(new AbortController().signal),
    });
    const owner = { ...session, proof: 'signed' };
    const forger = { ...session, proof: 'forged' };
    source.answer = USER;
    await guard.check(owner);
    source.answer = undefined;
    const forged = checker(guard, forger);
    await settled();
    expect(source.calls.map(({ key }) => key)).toEqual(['forged']);
    source.calls[0]?.resolve(null);
    await settled();
    expect(forged.outcome).toEqual({ valid: false, reason: 'invalid' });
    expect(await guard.check(owner)).toMatchObject({ state: 'recent' });
  });

  test('is not good for longer because the clock was set back', async () => {
    const guard = await withValid(0);
    await clock.advance(-HOUR);
    source.answer = USER;
    expect(await guard.check(session)).toMatchObject({ state: 'validated' });
    // And from then on as ever.
    await clock.advance(59 * SECOND);
    expect(await guard.check(session)).toMatchObject({ state: 'recent' });
    expect(guard.stats().validations).toBe(2);
  });

  test('that has been forgotten for others is validated again', async () => {
    const guard = open({ maxSessions: 2 });
    source.answer = USER;
    for (const id of ['a', 'b', 'c', 'a']) await guard.check({ id });
    expect(source.count).toBe(4);
    expect(guard.stats().sessions).toBe(2);
  });

  test('is not crowded out by invented ones', async () => {
    const guard = open({ maxSessions: 2 });
    source.answer = USER;
    await guard.check(session);
    source.answer = undefined;
    for (let i = 0; i < 10; i++) {
      const check = checker(guard, { id: `invented ${i}` });
      await settled();
      source.calls.at(-1)?.resolve(null);
      await settled();
      expect(check.outcome).toEqual({ valid: false, reason: 'invalid' });
    }
    expect(await guard.check(session)).toMatchObject({ state: 'recent' });
  });
});

describe('when the database gives no answer', () => {
  test('a session goes on until maxStale, and no longer', async () => {
    const guard = await withValid(MINUTE, { maxStale: '15m' });
    source.answer = down();
    for (let age = MINUTE; age < 15 * MINUTE; age += SECOND) {
      expect(await guard.check(session)).toMatchObject({ ...stale, ageMillis: age });
      await clock.advance(SECOND);
    }
    expect(await guard.check(session)).toEqual(unavailable);
  });

  test('an old token, perhaps stolen, does not outlive maxStale: also in a process that knows nothing', async () => {
    const guard = open();
    source.answer = down();
    const token = (age: number) => ({ id: `s${age}`, validatedAt: clock.now() - age });
    expect(await guard.check(token(15 * MINUTE - 1))).toMatchObject({
      valid: true,
      state: 'stale',
    });
    expect(await guard.check(token(15 * MINUTE))).toEqual(unavailable);
    expect(await guard.check({ id: 'without' })).toEqual(unavailable);
  });

  test('a sensitive action is refused', async () => {
    const guard = await withValid(SECOND);
    source.answer = down();
    expect(await guard.check(session, { fresh: true })).toEqual(unavailable);
    expect(await guard.check(session)).toMatchObject({ state: 'recent' });
  });

  test("an error of the application's own is thrown, and keeps nobody", async () => {
    const guard = await withValid(MINUTE);
    source.answer = new TypeError('row is undefined');
    await expect(guard.check(session)).rejects.toThrow('row is undefined');
    await expect(guard.check(session)).rejects.toThrow('row is undefined');
  });

  test('it is asked once a second, by one of all sessions', async () => {
    const guard = open();
    source.answer = USER;
    const ids = Array.from({ length: 50 }, (_, i) => ({ id: `s${i}` }));
    for (const each of ids) await guard.check(each);
    await clock.advance(MINUTE);
    source.answer = down();
    const before = source.count;
    await guard.check(session);
    for (let second = 0; second < 10; second++) {
      for (const each of ids) expect(await guard.check(each)).toMatchObject(stale);
      await clock.advance(SECOND);
    }
    expect(source.count - before).toBe(11);
    source.answer = USER;
    await guard.check(ids[0] as Session);
    await settled();
    for (const each of ids) expect(await guard.check(each)).toMatchObject({ valid: true });
    expect(await guard.check(ids[1] as Session)).toMatchObject({ state: 'recent' });
  });

  test('and so it is when the clock was set back meanwhile', async () => {
    const guard = await withValid(2 * MINUTE, { maxStale: '10h' });
    source.answer = down();
    expect(await guard.check(session)).toMatchObject({ state: 'stale' });
    await settled();
    await guard.check(session);
    await settled();
    const { validations } = guard.stats();
    await clock.advance(-MINUTE / 2);
    await guard.check(session);
    await settled();
    expect(guard.stats().validations).toBe(validations + 1);
  });

  test('a session that is not known is refused at once after a failure, for a second', async () => {
    const guard = open();
    source.answer = down();
    for (let i = 0; i < 10; i++) expect(await guard.check(session)).toEqual(unavailable);
    expect(source.count).toBe(1);
    await clock.advance(SECOND);
    source.answer = USER;
    expect(await guard.check(session)).toMatchObject({ state: 'validated' });
  });
});

describe('a validation that hangs', () => {
  test('costs one caller five seconds, and the others nothing', async () => {
    const guard = await withValid(MINUTE);
    const first = checker(guard);
    await clock.advance(249);
    const second = checker(guard);
    await settled();
    expect(second.outcome).toBeUndefined();
    await clock.advance(1);
    expect(second.outcome).toMatchObject(stale);
    for (let i = 0; i < 10; i++) {
      const other = checker(guard);
      await settled();
      expect(other.outcome).toMatchObject(stale);
    }
    await clock.advance(4_749);
    expect(first.outcome).toBeUndefined();
    await clock.advance(1);
    expect(first.outcome).toMatchObject(stale);
    expect(source.calls[0]?.signal.aborted).toBe(true);
    // From now on somebody asks in the background.
    for (let i = 0; i < 60; i++) {
      const later = checker(guard);
      await settled();
      expect(later.outcome).toMatchObject(stale);
      await clock.advance(SECOND);
    }
    expect(source.count).toBeGreaterThan(5);
    expect(source.count).toBeLessThan(15);
  });

  test('costs the other sessions nothing either', async () => {
    const guard = open();
    source.answer = USER;
    const ids = Array.from({ length: 20 }, (_, i) => ({ id: `s${i}` }));
    for (const each of ids) await guard.check(each);
    await clock.advance(MINUTE);
    source.answer = undefined;
    checker(guard, ids[0]);
    await clock.advance(250);
    const others = ids.slice(1).map((each) => checker(guard, each));
    await settled();
    for (const { outcome } of others) expect(outcome).toMatchObject(stale);
    expect(source.calls.length).toBe(2);
  });

  test('of one session alone costs its others a quarter of a second at most', async () => {
    const guard = await withValid(MINUTE);
    checker(guard);
    await clock.advance(100);
    const other = checker(guard, { id: 'other' });
    await settled();
    source.calls[1]?.resolve(USER);
    await settled();
    expect(other.outcome).toMatchObject({ state: 'validated' });
    const second = checker(guard);
    await clock.advance(149);
    expect(second.outcome).toBeUndefined();
    await clock.advance(1);
    expect(second.outcome).toMatchObject(stale);
    const third = checker(guard);
    await clock.advance(0);
    expect(third.outcome).toMatchObject(stale);
    expect(source.count).toBe(3);
  });

  test('costs those of a session that is not known five seconds in all', async () => {
    const guard = open();
    const first = checker(guard);
    await clock.advance(3_000);
    const second = checker(guard);
    await clock.advance(2_000);
    expect([first.outcome, second.outcome]).toEqual([unavailable, unavailable]);
    const third = checker(guard);
    await settled();
    expect(third.outcome).toEqual(unavailable);
    expect(source.count).toBe(1);
  });

  test('is heard when it answers after all', async () => {
    const guard = await withValid(MINUTE);
    const late = checker(guard);
    await clock.advance(6_000);
    expect(late.outcome).toMatchObject(stale);
    source.calls[0]?.resolve(null);
    await settled();
    expect(await guard.check(session)).toEqual({ valid: false, reason: 'invalid' });
  });
});

describe('revoke', () => {
  const revoked = { valid: false, reason: 'revoked' };

  test('refuses at once, also while the database is down, and does not ask it', async () => {
    const guard = await withValid(SECOND);
    source.answer = USER;
    expect(await guard.revoke('s')).toBe(true);
    expect(await guard.check(session)).toEqual(revoked);
    expect(await guard.check(session, { fresh: true })).toEqual(revoked);
    expect(await guard.check({ ...session, validatedAt: clock.now() })).toEqual(revoked);
    expect(source.count).toBe(1);
    await clock.advance(24 * HOUR - 1);
    expect(await guard.check(session)).toEqual(revoked);
  });

  test('reaches a validation that is under way', async () => {
    const guard = await withValid(MINUTE);
    const check = checker(guard);
    await settled();
    await guard.revoke('s');
    source.calls[0]?.resolve(USER);
    await settled();
    expect(check.outcome).toEqual(revoked);
    expect(guard.stats().sessions).toBe(0);
  });

  test('of everything of a user leaves alone what begins afterwards', async () => {
    const guard = open();
    source.answer = USER;
    const before = { id: 'user', signedInAt: clock.now() };
    await guard.check(before);
    await guard.revoke('user');
    await clock.advance(1);
    const after = { id: 'user', signedInAt: clock.now() };
    expect(await guard.check(after)).toMatchObject({ state: 'validated' });
    expect(await guard.check(before)).toEqual(revoked);
    expect(await guard.check(after)).toMatchObject({ state: 'recent' });
  });
});

describe('with a bus', () => {
  const revoked = { valid: false, reason: 'revoked' };
  let network: FakeNetwork;
  let buses: FakeBus[];
  beforeEach(() => {
    network = new FakeNetwork();
    buses = [];
  });

  function openProcess() {
    const bus = network.bus();
    buses.push(bus);
    return open({ bus });
  }

  test('a revocation counts in every process', async () => {
    const [one, two] = [openProcess(), openProcess()];
    source.answer = USER;
    await two.check(session);
    expect(await one.revoke('s')).toBe(true);
    expect(await two.check(session)).toEqual(revoked);
    expect(buses[0]?.published.join()).not.toContain('"s"');
    expect(await two.check({ id: 'another' })).toMatchObject({ valid: true });
  });

  test('whatever the clock of the sender says, it counts for all that has begun', async () => {
    const guard = openProcess();
    source.answer = USER;
    const begun = { id: 'user', signedInAt: clock.now() - MINUTE };
    await guard.check(begun);
    const publish = (text: string) => network.bus().publish('lifeguard:sessions:default', text);
    await publish(JSON.stringify({ key: fingerprint('user'), at: clock.now() - HOUR }));
    expect(await guard.check(begun)).toEqual(revoked);
    await publish(JSON.stringify({ key: fingerprint('other'), at: clock.now() + HOUR }));
    await clock.advance(1);
    const after = { id: 'other', signedInAt: clock.now() };
    expect(await guard.check(after)).toMatchObject({ valid: true });
    for (const text of ['', 'null', '{}', '{"key":5,"at":1}', '{"key":"s"}']) await publish(text);
    expect(await guard.check(session)).toMatchObject({ valid: true });
  });

  test('after a loss of the connection every session is validated again', async () => {
    const [one, two] = [openProcess(), openProcess()];
    source.answer = USER;
    await two.check(session);
    buses[1]?.cut();
    await one.revoke('s');
    expect(await two.check(session)).toMatchObject({ state: 'recent' });
    await clock.advance(1);
    buses[1]?.restore();
    source.answer = undefined;
    const check = checker(two);
    await settled();
    source.calls[0]?.resolve(null);
    await settled();
    expect(check.outcome).toEqual({ valid: false, reason: 'invalid' });
  });

  test('also one whose validation was under way then', async () => {
    const guard = openProcess();
    const check = checker(guard);
    await clock.advance(SECOND);
    buses[0]?.restore();
    await clock.advance(SECOND);
    source.calls[0]?.resolve(USER);
    await settled();
    expect(check.outcome).toMatchObject({ state: 'validated', ageMillis: 2 * SECOND });
    source.answer = USER;
    expect(await guard.check(session)).toMatchObject({ state: 'validated', ageMillis: 0 });
  });

  test('and those are kept when the database gives no answer just then', async () => {
    const guard = openProcess();
    source.answer = USER;
    await guard.check(session);
    await clock.advance(1);
    buses[0]?.restore();
    source.answer = down();
    expect(await guard.check(session)).toMatchObject(stale);
  });

  test('what could not be told is told as soon as possible', async () => {
    const [one, two] = [openProcess(), openProcess()];
    source.answer = USER;
    await two.check(session);
    buses[0]?.cut();
    expect(await one.revoke('s')).toBe(false);
    expect(await one.check(session)).toEqual(revoked);
    expect(problems).toMatchObject([{ kind: 'not-told', error: { message: 'no connection' } }]);
    await clock.advance(10 * SECOND);
    expect(await two.check(session)).toMatchObject({ valid: true });
    buses[0]?.restore();
    await settled();
    expect(await two.check(session)).toEqual(revoked);
    await clock.advance(SECOND);
    expect(clock.timers).toBe(0);
  });
});

describe('options', () => {
  test.each([
    [{ every: 'often' }, /^every must be/],
    [{ expiringWithin: -1 }, /^expiringWithin must be/],
    [{ timeout: 0 }, /^timeout must be/],
    [{ maxStale: '15' }, /^maxStale must be/],
    [{ maxSessions: 0 }, /^maxSessions must be/],
  ])('%j is refused', (options, message) => {
    expect(() => open(options)).toThrow(message);
  });
});
