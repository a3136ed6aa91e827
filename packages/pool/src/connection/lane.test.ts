import { expect, test } from 'vitest';
import { StatementRequest } from '../queue/statement-request.ts';
import { StatementProfile } from '../statement/profiles.ts';
import { Lane, type LaneSetup } from './lane.ts';
import { RoundTrip } from './round-trip.ts';

const AWAY_MILLIS = 100;

class Sent {
  notSent = false;
  isAnswered = false;
}

/** A lane to a server so far away, and what is sent on it. */
function open() {
  const roundTrip = new RoundTrip();
  roundTrip.probed(AWAY_MILLIS);
  const sent: Sent[] = [];
  const preparing = { capacity: 0 };
  const query = (statement: Sent) => void sent.push(statement);
  const setup = {
    query,
    queries: { LaneQuery: Sent },
    roundTrip,
    statementLimit: 0,
    preparing,
    pooler: {},
  };
  const listener = { client: {}, working: () => {} };
  const lane = new Lane(setup as never as LaneSetup, listener as never);
  const send = (now: number) => {
    const request = new StatementRequest(
      { text: 'SELECT 1' },
      profile(),
      0,
      Infinity,
      undefined,
      () => {},
    );
    lane.send(request, now);
  };
  const answer = (now: number) => {
    const head = sent.shift();
    if (head) head.isAnswered = true;
    return lane.answer(now);
  };
  return { lane, send, answer };
}

function profile(): StatementProfile {
  const known = new StatementProfile('SELECT 1');
  known.observe(1);
  return known;
}

test('the way to the server and back counts once, and as nobody’s work', () => {
  const { lane, send, answer } = open();
  send(1_000);
  expect(lane.headMillis(1_000 + AWAY_MILLIS)).toBe(0);
  expect(lane.headMillis(1_000 + AWAY_MILLIS + 30)).toBe(30);
  expect(answer(1_000 + AWAY_MILLIS + 30)?.serviceMillis).toBe(30);
});

test('behind another one it does not count at all', () => {
  const { lane, send, answer } = open();
  send(1_000);
  send(1_001);
  answer(1_110);
  expect(lane.headMillis(1_130)).toBe(20);
  expect(answer(1_130)?.serviceMillis).toBe(20);
});

test('what stood before the first one is not its time', () => {
  const { lane, send, answer } = open();
  send(1_000);
  lane.headBegins(1_150);
  expect(lane.headMillis(1_160)).toBe(10);
  expect(answer(1_160)?.serviceMillis).toBe(10);
});
