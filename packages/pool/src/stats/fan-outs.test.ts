import { describe, expect, test } from 'vitest';
import { RequestScope } from '../context/request-scope.ts';
import { FAN_OUT_FROM, FanOuts } from './fan-outs.ts';

const TEXT = "SELECT * FROM products WHERE category = 'toys'";

/** Sends so many statements at once from one request. */
function send(fanOuts: FanOuts, request: RequestScope, count: number, text = TEXT): void {
  for (let i = 0; i < count; i++) {
    fanOuts.notice({ request, owner: { label: 'Product.findMany' } }, text, request.begin(text));
  }
}

describe('FanOuts', () => {
  test('notices the fifth statement of one text under way in one request', () => {
    const fanOuts = new FanOuts();
    send(fanOuts, new RequestScope('GET /'), FAN_OUT_FROM - 1);
    expect(fanOuts.list()).toEqual([]);
    send(fanOuts, new RequestScope('GET /'), FAN_OUT_FROM + 3);
    send(fanOuts, new RequestScope('GET /'), FAN_OUT_FROM);
    expect(fanOuts.list()).toEqual([
      {
        route: 'GET /',
        owner: 'Product.findMany',
        statement: 'SELECT * FROM products WHERE category = ?',
        requests: 2,
        peak: FAN_OUT_FROM + 3,
      },
    ]);
  });

  test('statements one after the other are none', () => {
    const fanOuts = new FanOuts();
    const request = new RequestScope('GET /');
    for (let i = 0; i < 100; i++) {
      send(fanOuts, request, 1);
      request.end(TEXT);
    }
    expect(fanOuts.list()).toEqual([]);
  });

  test('a request counts once, however its number goes up and down', () => {
    const fanOuts = new FanOuts();
    const request = new RequestScope('GET /');
    send(fanOuts, request, FAN_OUT_FROM);
    for (let i = 0; i < 20; i++) {
      request.end(TEXT);
      send(fanOuts, request, 1);
    }
    expect(fanOuts.list()).toMatchObject([{ requests: 1, peak: FAN_OUT_FROM }]);
  });

  test('without a request nothing is known', () => {
    const fanOuts = new FanOuts();
    fanOuts.notice({ owner: { label: 'a' } }, TEXT, 50);
    expect(fanOuts.list()).toEqual([]);
  });

  test('the costliest first, and never endlessly many', () => {
    const fanOuts = new FanOuts();
    for (let i = 0; i < 200; i++) send(fanOuts, new RequestScope(`GET /${i}`), FAN_OUT_FROM);
    send(fanOuts, new RequestScope('GET /50'), 40);
    expect(fanOuts.list()).toHaveLength(100);
    expect(fanOuts.list()[0]).toMatchObject({ route: 'GET /50', requests: 2, peak: 40 });
  });
});
