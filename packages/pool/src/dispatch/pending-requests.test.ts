import { describe, expect, test } from 'vitest';
import type { Priority } from '../context/context.ts';
import { CheckoutRequest } from '../queue/checkout-request.ts';
import type { Request } from '../queue/request.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import { StatementProfile } from '../statement/profiles.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { PendingRequests } from './pending-requests.ts';

const SHORT_MILLIS = 1;
const LONG_MILLIS = 1_000;

function profileOf(text: string, millis?: number): StatementProfile {
  const profile = new StatementProfile(`SELECT ${text}`);
  if (millis !== undefined) profile.observe(millis);
  return profile;
}

function setUp(multiplex = true) {
  const clock = new FakeClock();
  const expired: Request[] = [];
  const inVain: Request[] = [];
  const world = { isServing: true };
  const pending = new PendingRequests(multiplex, clock, {
    late: (requests) => expired.push(...requests),
    get isServing() {
      return world.isServing;
    },
    inVain: (requests) => inVain.push(...requests),
  });
  const enter = <T extends Request>(request: T): T => {
    pending.add(request, clock.now());
    clock.advance(1);
    return request;
  };
  const statement = (profile: StatementProfile, priority?: Priority, wait = Infinity) => {
    const now = clock.now();
    const config = { text: profile.text };
    return enter(
      new StatementRequest(config, profile, now, now + wait, undefined, () => {}, priority),
    );
  };
  const checkout = (priority?: Priority, wait = Infinity) => {
    const now = clock.now();
    return enter(new CheckoutRequest(now, now + wait, undefined, () => {}, priority));
  };
  return Object.assign(world, { clock, pending, expired, inVain, statement, checkout });
}

/** Who would be served in which order, were there one place after the other. */
function serveAll(queue: PendingRequests['shorts'], pending: PendingRequests): Request[] {
  const served: Request[] = [];
  for (let head = queue.head; head; head = queue.head) {
    pending.remove(head);
    served.push(head);
  }
  return served;
}

describe('PendingRequests', () => {
  test('everybody waits where what they need is', () => {
    const { pending, statement, checkout } = setUp();
    const short = statement(profileOf('a', SHORT_MILLIS));
    const unknown = statement(profileOf('b'));
    const long = statement(profileOf('c', LONG_MILLIS));
    const whole = checkout();
    const { shorts, alones, wholes } = pending;
    const places = [short, unknown, long, whole].map(({ list }) => list);
    expect(places.map((list) => [shorts, alones, wholes].indexOf(list ?? shorts))).toEqual([
      0, 1, 2, 2,
    ]);
    expect(pending.length).toBe(4);
    expect(pending.all()).toEqual([short, unknown, long, whole]);
  });

  test('without a shared lane all wait for the same, in the order in which they came', () => {
    const { pending, statement, checkout } = setUp(false);
    const those = [statement(profileOf('a', SHORT_MILLIS)), checkout(), statement(profileOf('b'))];
    expect(serveAll(pending.wholes, pending)).toEqual(those);
  });

  test('those with a text that turns out to be quick go where their age puts them', () => {
    const { pending, statement } = setUp();
    const [known, other] = [profileOf('known', SHORT_MILLIS), profileOf('other')];
    const learning = profileOf('learning');
    const waiting = [known, learning, other, learning, known].map((profile) => statement(profile));
    const background = statement(learning, 'background');
    pending.requeue(learning);
    expect(pending.shorts.length).toBe(2);
    learning.observe(SHORT_MILLIS);
    pending.requeue(learning);
    expect(pending.alones.head).toBe(waiting[2]);
    expect(serveAll(pending.shorts, pending)).toEqual([
      waiting[0],
      waiting[1],
      waiting[3],
      waiting[4],
      background,
    ]);
  });

  test('one that goes again alone stays so, whatever becomes of its text', () => {
    const { clock, pending, statement } = setUp();
    const profile = profileOf('a', SHORT_MILLIS);
    const again = statement(profile);
    pending.remove(again);
    again.isAlone = true;
    pending.add(again, clock.now());
    pending.requeue(profile);
    expect(again.list).toBe(pending.wholes);
  });

  test('whoever waits too long is taken out, whoever was served is not', () => {
    const { clock, pending, expired, statement, checkout } = setUp();
    const late = [statement(profileOf('a'), undefined, 100), checkout('background', 100)];
    const served = checkout(undefined, 100);
    const patient = checkout(undefined, 1_000);
    pending.remove(served);
    clock.advance(200);
    expect(expired).toEqual(late);
    expect(pending.all()).toEqual([patient]);
    clock.advance(1_000);
    expect(expired).toEqual([...late, patient]);
    expect(pending.length).toBe(0);
  });

  test('all who came until then are taken, and are not late any more', () => {
    const { clock, pending, expired, statement, checkout } = setUp();
    const early = [statement(profileOf('a'), undefined, 100), checkout('background', 100)];
    const later = checkout();
    expect(pending.takeAll(later.enqueuedAt - 1)).toEqual(early);
    clock.advance(1_000);
    expect(expired).toEqual([]);
    expect(pending.takeAll()).toEqual([later]);
  });

  describe('when nobody is served for two seconds', () => {
    const standing = () => {
      const world = setUp();
      const first = [1, 2, 3].map(() => world.checkout(undefined, 3_000));
      world.clock.advance(1_900);
      for (const request of first) expect(world.pending.admit(request)).toBe(true);
      expect(world.inVain).toEqual([]);
      world.clock.advance(300);
      return Object.assign(world, { first });
    };

    test('those who would be too late are shed, but for one', () => {
      const { pending, inVain, expired, clock, first } = standing();
      expect(inVain).toEqual(first.slice(0, 2));
      expect(pending.all()).toEqual(first.slice(2));
      clock.advance(1_000);
      expect(expired).toEqual(first.slice(2));
    });

    test('whoever comes is refused at once, unless nobody waits before it', () => {
      const { pending, inVain, clock, first, checkout, statement } = standing();
      const next = checkout(undefined, 1_000);
      expect(pending.admit(next)).toBe(false);
      expect(next.list).toBeUndefined();
      expect(inVain.at(-1)).toBe(next);
      const patient = checkout();
      expect(pending.admit(patient)).toBe(true);
      pending.remove(patient);
      const elsewhere = statement(profileOf('a'), undefined, 1_000);
      expect(pending.admit(elsewhere)).toBe(true);
      const background = checkout('background', 1_000);
      expect(pending.admit(background)).toBe(true);
      for (const request of [...first, background]) pending.remove(request);
      const alone = checkout(undefined, 1_000);
      clock.advance(500);
      expect(pending.admit(alone)).toBe(true);
      clock.advance(2_000);
      expect(inVain).toHaveLength(3);
    });

    test('nobody is refused from the moment on at which the last connection is lost', () => {
      const world = standing();
      expect(world.pending.admit(world.checkout(undefined, 1_000))).toBe(false);
      world.isServing = false;
      expect(world.pending.admit(world.checkout(undefined, 1_000))).toBe(true);
    });

    test('and then everybody is, nobody is refused any more within a second', () => {
      const { pending, inVain, clock, checkout } = standing();
      for (const request of pending.all()) pending.take(request, clock.now());
      const refusedAfter = [0, 1, 2].map(() => {
        const before = inVain.length;
        for (let i = 0; i < 100; i++) {
          const those = [checkout(undefined, 500), checkout(undefined, 500)];
          for (const request of those)
            if (pending.admit(request)) pending.take(request, clock.now());
          clock.advance(8);
        }
        return inVain.length - before;
      });
      expect(refusedAfter.slice(1)).toEqual([0, 0]);
    });
  });

  test('while there is no connection nobody is shed, nor at once when there is one again', () => {
    const world = setUp();
    const { clock, pending, inVain, expired, checkout } = world;
    world.isServing = false;
    const waiting = [1, 2, 3].map(() => checkout(undefined, 10_000));
    clock.advance(9_000);
    const late = [1, 2].map(() => checkout(undefined, 1_000));
    for (const request of late) expect(pending.admit(request)).toBe(true);
    world.isServing = true;
    clock.advance(500);
    expect(pending.all()).toEqual([...waiting, ...late]);
    clock.advance(2_000);
    expect(inVain).toEqual([]);
    expect(expired).toHaveLength(5);
  });

  test('the poll ends with those who wait', () => {
    const { clock, pending, checkout } = setUp();
    pending.remove(checkout());
    clock.advance(100);
    expect(clock.timers).toBe(0);
  });
});
