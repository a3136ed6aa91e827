import { describe, expect, test } from 'vitest';
import { CallSite, PoolTimeoutError, SelfDeadlockError, withHold, withOwner } from './index.ts';
import { useTestPools } from './testing/test-pools.ts';

const pools = useTestPools();

describe('a flow that holds a connection and asks for another one', () => {
  test('when all of them do, the youngest is refused, and the others finish', async () => {
    const pool = pools.open({ max: 2 });
    await pool.prewarm(2);
    const outer = async (label: string) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query('SELECT 1');
        return await withOwner(
          label,
          async () => (await pool.query(`SELECT '${label}' AS l`)).rows,
        );
      } finally {
        await client.query('COMMIT');
        client.release();
      }
    };
    const outcomes = await Promise.allSettled([outer('first'), outer('second')]);
    const refused = outcomes.findIndex(({ status }) => status === 'rejected');
    const [own, other] = refused === 0 ? ['first', 'second'] : ['second', 'first'];
    expect(outcomes[1 - refused]).toMatchObject({ status: 'fulfilled', value: [{ l: other }] });
    const { reason } = outcomes[refused] as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(SelfDeadlockError);
    expect(reason).toBeInstanceOf(PoolTimeoutError);
    expect(reason).toMatchObject({ code: 'LIFEGUARD_SELF_DEADLOCK', outcome: 'not-sent' });
    expect(reason.message).toMatch(
      /pool\.deadlock\.test\.ts:\d+:\d+\) and asks for another one at/,
    );
    expect(reason.message).toContain(` for ${own}, while`);
    expect(pool.stats().nested).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ asks: own, count: 1, waited: 1, refused: 1 }),
      ]),
    );
  });

  test('the only connection, and a call site for either', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('SELECT 1');
    const error = await pool.connect().catch((e) => e);
    expect(error).toBeInstanceOf(SelfDeadlockError);
    expect(error.message.match(/pool\.deadlock\.test\.ts/g)).toHaveLength(2);
    expect(error.message).toContain('the only connection is held by it');
    client.release();
  });

  test('is known by withHold, where the connection is taken out of sight', async () => {
    const pool = pools.open({ max: 1 });
    const error = await withHold(async () => {
      const client = await Promise.resolve().then(async () => pool.connect());
      return pool.query('SELECT 1').catch((e) => {
        client.release();
        return e;
      });
    });
    expect(error).toBeInstanceOf(SelfDeadlockError);
  });

  test('shows also when there was a connection to be had, with the owner’s call sites', async () => {
    const pool = pools.open({ max: 5 });
    await pool.prewarm(2);
    const asks = () => {
      const owner = { label: 'Order.count', site: new CallSite() };
      return withOwner(owner, () => pool.query('SELECT 2'));
    };
    await withOwner({ label: 'checkout', site: new CallSite() }, () =>
      withHold(async () => {
        const client = await pool.connect();
        await client.query('BEGIN');
        await asks();
        await asks();
        await client.query('COMMIT');
        client.release();
        await asks();
      }),
    );
    expect(pool.stats().nested).toEqual([
      {
        holder: 'checkout',
        holderSite: expect.stringMatching(/pool\.deadlock\.test\.ts:\d+:\d+/),
        asks: 'Order.count',
        site: expect.stringMatching(/^asks \(src\/pool\.deadlock\.test\.ts:\d+:\d+\)$/),
        count: 2,
        waited: 0,
        refused: 0,
      },
    ]);
  });

  test('whoever is given back by somebody else is waited for', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('SELECT 1');
    setTimeout(() => client.release(), 60);
    expect((await pool.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }]);
  });

  test('others that hold nothing wait as they always do', async () => {
    const pool = pools.open({ max: 1, connectionTimeoutMillis: 400 });
    const client = await pool.connect();
    const error = await pool.query('SELECT 1').catch((e) => e);
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect(error).not.toBeInstanceOf(SelfDeadlockError);
    client.release();
  });
});
