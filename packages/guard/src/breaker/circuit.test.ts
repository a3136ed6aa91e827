import { describe, expect, test } from 'vitest';
import { type Change, Circuit, type CircuitLimits, type Pass } from './circuit.ts';
import type { Verdict } from './verdict.ts';

const LIMITS: CircuitLimits = {
  windowMillis: 1_000,
  minimumCalls: 10,
  failureRatio: 0.5,
  consecutive: 5,
  openMillis: 250,
  maxOpenMillis: 1_000,
  probeMillis: 1_000,
  probes: 1,
  rampMillis: 800,
};

function setUp(limits: Partial<CircuitLimits> = {}, random = () => 1) {
  let now = 0;
  const changes: Change[] = [];
  const circuit = new Circuit({ ...LIMITS, ...limits }, random, (change) => changes.push(change));
  const admit = () => circuit.admit(now);
  const settle = (pass: Pass | undefined, verdict: Verdict) => {
    if (!pass) throw new Error('was refused');
    circuit.settle(pass, verdict, now);
  };
  const call = (verdict: Verdict) => settle(admit(), verdict);
  const pass = (millis: number) => {
    now += millis;
  };
  /** Failures until it opens. */
  const open = () => {
    for (let i = 0; i < 5; i++) {
      pass(30);
      call('lost');
    }
    expect(circuit.state(now)).toBe('open');
  };
  /** To the moment at which a probe is let through. */
  const wait = () => pass(circuit.retryAfterMillis(now));
  return {
    circuit,
    ...{ admit, settle, call, pass, open, wait },
    states: () => changes.map(({ to }) => to),
    changes,
    state: () => circuit.state(now),
    retryAfter: () => circuit.retryAfterMillis(now),
  };
}

describe('closed', () => {
  test('lets everybody through, whatever they bring but failures of the way', () => {
    const { call, pass, states } = setUp();
    for (let i = 0; i < 1_000; i++) {
      pass(3);
      call(i % 3 === 0 ? 'nothing' : 'alive');
    }
    expect(states()).toEqual([]);
  });

  test('opens when the way fails', () => {
    const { open, changes, circuit } = setUp();
    open();
    const outage = { rule: 'consecutive', failures: 5, calls: 5 };
    expect(changes).toEqual([{ to: 'open', outage, openMillis: 250 }]);
    expect(circuit.openedAt).toBe(150);
  });
});

describe('open', () => {
  test('refuses everybody until its time is over', () => {
    const { open, pass, admit, retryAfter, states } = setUp();
    open();
    expect(retryAfter()).toBe(250);
    pass(249);
    expect(admit()).toBeUndefined();
    expect(retryAfter()).toBe(1);
    pass(1);
    expect(admit()).toBeDefined();
    expect(states()).toEqual(['open', 'half-open']);
  });

  test('is not changed by what was let through before', () => {
    const { admit, open, settle, states } = setUp();
    const before = [admit(), admit()];
    open();
    settle(before[0], 'alive');
    settle(before[1], 'lost');
    expect(states()).toEqual(['open']);
  });

  test('stays open longer each time, up to a bound, and half of it is jitter', () => {
    const times = (random: number) => {
      const { open, wait, call, changes } = setUp({}, () => random);
      open();
      for (let i = 0; i < 4; i++) {
        wait();
        call('lost');
      }
      return changes.flatMap((change) => (change.to === 'open' ? [change.openMillis] : []));
    };
    expect(times(1)).toEqual([250, 500, 1_000, 1_000, 1_000]);
    expect(times(0)).toEqual([125, 250, 500, 500, 500]);
  });
});

describe('half-open', () => {
  test('lets one probe through and refuses the rest at once', () => {
    const { open, wait, admit, retryAfter } = setUp();
    open();
    wait();
    expect(admit()).toBeDefined();
    expect([admit(), admit()]).toEqual([undefined, undefined]);
    expect(retryAfter()).toBe(1_000);
  });

  test('or as many as it is told', () => {
    const { open, wait, admit } = setUp({ probes: 3 });
    open();
    wait();
    expect([admit(), admit(), admit(), admit()].map(Boolean)).toEqual([true, true, true, false]);
  });

  test.each(['lost', 'slow'] as const)('a probe that ends %s opens it again', (verdict) => {
    const { open, wait, call, admit, changes } = setUp();
    open();
    wait();
    call(verdict);
    expect(changes.at(-1)).toEqual({ to: 'open', outage: undefined, openMillis: 500 });
    expect(admit()).toBeUndefined();
  });

  test('a probe that says nothing makes room for the next one', () => {
    const { open, wait, call, state, retryAfter } = setUp();
    open();
    wait();
    call('nothing');
    expect([state(), retryAfter()]).toEqual(['half-open', 0]);
    call('alive');
    expect(state()).toBe('returning');
  });

  test('one that hangs does not hold up the return: another is sent after a while', () => {
    const { open, wait, pass, admit, settle, state } = setUp();
    open();
    wait();
    const hanging = admit();
    pass(999);
    expect(admit()).toBeUndefined();
    pass(1);
    const second = admit();
    expect(second).toBeDefined();
    expect(admit()).toBeUndefined();
    // What was lost long ago says nothing of today.
    settle(hanging, 'lost');
    expect(state()).toBe('half-open');
    settle(second, 'alive');
    expect(state()).toBe('returning');
  });

  test('one that took long to fail has waited already: what counts is when it was sent', () => {
    const { open, wait, pass, admit, settle, retryAfter } = setUp();
    open();
    wait();
    const probe = admit();
    pass(400);
    settle(probe, 'lost');
    expect(retryAfter()).toBe(100);
  });

  test('one that answers late has answered', () => {
    const { open, wait, pass, admit, settle, state } = setUp();
    open();
    wait();
    const slow = admit();
    pass(5_000);
    admit();
    settle(slow, 'alive');
    expect(state()).toBe('returning');
  });
});

describe('returning', () => {
  const back = (limits: Partial<CircuitLimits> = {}) => {
    const all = setUp(limits);
    all.open();
    all.pass(2_000);
    all.call('alive');
    return all;
  };

  test('lets a rising share through, then everybody', () => {
    const { admit, pass, states, state } = back();
    // 100 calls in each eighth of the return, of which none ends.
    const shares = Array.from({ length: 8 }, () => {
      let through = 0;
      for (let i = 0; i < 100; i++) {
        pass(1);
        if (admit()) through++;
      }
      return through;
    });
    expect(shares[0]).toBeLessThanOrEqual(17);
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeGreaterThan(shares[i - 1] ?? 0);
    expect(shares.at(-1)).toBeGreaterThanOrEqual(93);
    expect(state()).toBe('closed');
    for (let i = 0; i < 100; i++) expect(admit()).toBeDefined();
    expect(states()).toEqual(['open', 'half-open', 'returning', 'closed']);
  });

  test('refuses nobody who would be alone', () => {
    const { call, pass } = back();
    for (let i = 0; i < 100; i++) {
      pass(20);
      call('alive');
    }
  });

  test('opens again for fewer failures, but not for those of one moment', () => {
    const { admit, settle, pass, states } = back();
    // Nobody's call has ended: one is let through now and then.
    const passes = Array.from({ length: 40 }, () => {
      pass(5);
      return admit();
    }).filter((pass) => pass !== undefined);
    settle(passes[0], 'lost');
    settle(passes[1], 'lost');
    expect(states().at(-1)).toBe('returning');
    pass(100);
    settle(passes[2], 'lost');
    expect(states().at(-1)).toBe('open');
  });

  test('opens again for a short run of failures among many answers', () => {
    const { admit, settle, call, pass, states } = back();
    for (let i = 0; i < 50; i++) {
      pass(2);
      call('alive');
    }
    const passes = [admit(), admit(), admit()].filter((pass) => pass !== undefined);
    pass(10);
    settle(passes[0], 'lost');
    pass(100);
    call('lost');
    expect(states().at(-1)).toBe('open');
  });

  test('of an outage that is not over it stays open longer', () => {
    const { call, pass, changes } = back();
    for (let i = 0; i < 3; i++) {
      pass(60);
      call('lost');
    }
    expect(changes.at(-1)).toMatchObject({ to: 'open', openMillis: 500 });
  });

  test('once closed, all is forgotten, and how long it lasted is told', () => {
    const { pass, call, open, changes } = back();
    pass(800);
    call('alive');
    expect(changes.at(-1)).toEqual({ to: 'closed', outageMillis: 2_800 });
    open();
    expect(changes.at(-1)).toMatchObject({ to: 'open', openMillis: 250 });
  });

  test('what was let through on the way back counts when closed too', () => {
    const { admit, settle, pass, states } = back();
    const passes = Array.from({ length: 200 }, () => {
      pass(4);
      return admit();
    }).filter((pass) => pass !== undefined);
    expect(states().at(-1)).toBe('closed');
    for (const each of passes.slice(0, 5)) {
      pass(30);
      settle(each, 'lost');
    }
    expect(states().at(-1)).toBe('open');
  });

  test('reading the state changes nothing', () => {
    const { pass, state, states, call } = back();
    pass(800);
    expect(state()).toBe('closed');
    expect(states().at(-1)).toBe('returning');
    call('alive');
    expect(states().at(-1)).toBe('closed');
  });

  test('takes no longer than the outage did', () => {
    const { open, wait, call, pass, state } = setUp();
    open();
    wait();
    call('alive');
    pass(249);
    expect(state()).toBe('returning');
    pass(1);
    expect(state()).toBe('closed');
  });

  test('of no time at all is possible', () => {
    const { admit } = back({ rampMillis: 0 });
    for (let i = 0; i < 10; i++) expect(admit()).toBeDefined();
  });
});
