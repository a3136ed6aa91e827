import pg from 'pg';
import Cursor from 'pg-cursor';
import { beforeAll, describe, expect, test } from 'vitest';
import { withDeadline } from './index.ts';
import { useTestPools, watch } from './testing/test-pools.ts';

const pools = useTestPools();

beforeAll(async () => {
  await pools.admin(`CREATE TABLE entry (id int PRIMARY KEY,
    parent int REFERENCES entry DEFERRABLE INITIALLY DEFERRED)`);
});

/** How often the server has said that it is ready: the round trips of one client. */
function countAnswers(client: pg.PoolClient): () => number {
  let answers = 0;
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on('readyForQuery', () => answers++);
  return () => answers;
}

const statusOf = (client: pg.PoolClient) =>
  (client as unknown as { getTransactionStatus(): string }).getTransactionStatus();

const ids = async () =>
  (await pools.admin('SELECT id FROM entry ORDER BY id')).rows.map((r) => r.id);

describe('getTransactionStatus', () => {
  test('says what its holder has begun and ended, whatever the server has heard', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    expect(statusOf(client)).toBe('I');
    await client.query('BEGIN');
    expect(statusOf(client)).toBe('T');
    // pg tells an error before the server has said that it is ready.
    const failed = client.query('SELECT broken').catch(() => statusOf(client));
    expect(statusOf(client)).toBe('T');
    expect(await failed).toMatch(/[TE]/);
    await expect.poll(() => statusOf(client)).toBe('E');
    await client.query('ROLLBACK');
    expect(statusOf(client)).toBe('I');
    await client.query('BEGIN');
    await client.query('COMMIT');
    expect(statusOf(client)).toBe('I');
    client.release();
  });

  test('tells nothing of the one who has begun behind', async () => {
    const pool = pools.open({ max: 1 });
    const first = await pool.connect();
    await first.query('BEGIN');
    await first.query('SELECT 1');
    const next = pool.connect();
    await first.query('COMMIT');
    const second = await next;
    expect([statusOf(first), statusOf(second)]).toEqual(['I', 'I']);
    await second.query('BEGIN');
    expect([statusOf(first), statusOf(second)]).toEqual(['I', 'T']);
    await second.query('SELECT 2');
    expect([statusOf(first), statusOf(second)]).toEqual(['I', 'T']);
    await second.query('COMMIT');
    first.release();
    second.release();
  });
});

describe('BEGIN', () => {
  test('travels with the first statement, and its modes with it', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const answers = countAnswers(client);
    const begun = await client.query('BEGIN');
    expect(begun).toMatchObject({ command: 'BEGIN', rows: [], rowCount: null });
    expect((await client.query('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE')).command).toBe(
      'SET',
    );
    expect(answers()).toBe(0);
    const { rows } = await client.query('SHOW transaction_isolation');
    expect(rows).toEqual([{ transaction_isolation: 'serializable' }]);
    expect(answers()).toBe(1);
    expect((await client.query('COMMIT')).command).toBe('COMMIT');
    client.release();
  });

  test('costs nothing when nothing follows it', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const answers = countAnswers(client);
    await client.query('BEGIN');
    expect(await client.query('ROLLBACK')).toMatchObject({ command: 'ROLLBACK' });
    expect(answers()).toBe(0);
    client.release();
  });

  test('is answered to a callback, and as rows of the shape that was asked for', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const result = await new Promise<pg.QueryResult>((done) => {
      client.query('BEGIN', (_error, answer) => done(answer));
    });
    expect(result.command).toBe('BEGIN');
    const values = await client.query({
      text: 'SELECT $1::int AS n',
      values: [7],
      rowMode: 'array',
    });
    expect(values.rows).toEqual([[7]]);
    expect(values.command).toBe('SELECT');
    client.release();
  });

  test('reports a value that can’t be serialised, and still opens the transaction with the next one', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('BEGIN');
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await expect(client.query('SELECT $1::json', [circular])).rejects.toThrow(/circular/i);
    await client.query('INSERT INTO entry VALUES (100)');
    await client.query('ROLLBACK');
    client.release();
    expect(await ids()).not.toContain(100);
  });

  test('a failing first statement leaves a failed transaction, as in pg', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('BEGIN');
    await expect(client.query('SELECT nothing')).rejects.toMatchObject({
      code: '42703',
      position: '8',
    });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    client.release();
  });

  test.each([
    ['several statements', 'SELECT 1; INSERT INTO entry VALUES (101)'],
    ['a named statement', { name: 'insert', text: 'INSERT INTO entry VALUES (101)' }],
  ])('goes before %s', async (_, statement) => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(statement);
    await client.query('ROLLBACK');
    client.release();
    expect(await ids()).not.toContain(101);
  });

  test('does not make a named statement known that could not be parsed', async () => {
    const client = await pools.open({ max: 1 }).connect();
    const named = { name: 'later', text: 'SELECT count(*)::int AS n FROM made_later' };
    await client.query('BEGIN');
    await expect(client.query(named)).rejects.toThrow('made_later');
    await client.query('ROLLBACK');
    await client.query('CREATE TABLE made_later (id int)');
    expect((await client.query(named)).rows).toEqual([{ n: 0 }]);
    client.release();
  });

  test.each([
    ['BEGIN', 'COMMIT'],
    ['START TRANSACTION READ ONLY', 'END'],
    ['/* shop */ begin', '/* shop */ commit'],
    ['-- shop\nstart transaction', '-- shop\nEND WORK;'],
    ['BEGIN', 'ABORT'],
  ])('an empty transaction answers in the server’s words: %s, %s', async (begin, end) => {
    const plain = new pg.Client({ connectionString: pools.server.url() });
    await plain.connect();
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const say = async (speaker: pg.ClientBase) => {
      const told = [];
      for (const text of [begin, 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', end]) {
        const { command } = await speaker.query(text);
        told.push([command, speaker.getTransactionStatus?.()]);
      }
      return told;
    };
    const expected = await say(plain);
    await plain.end();
    expect(await say(client)).toEqual(expected);
    client.release();
  });

  test('goes before a cursor', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('BEGIN');
    const cursor = client.query(new Cursor('SELECT txid_current_if_assigned() IS NULL AS ok'));
    expect(await cursor.read(1)).toEqual([{ ok: true }]);
    await cursor.close();
    expect(client.getTransactionStatus?.()).toBe('T');
    await client.query('ROLLBACK');
    client.release();
  });

  test('left open without a statement is told, and nothing is rolled back for it', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query('BEGIN');
    expect(pool.stats().holders).toMatchObject([{ inTransaction: true, statements: 1 }]);
    client.release();
    expect(pool.stats().counts.abandonedTransactions).toBe(1);
  });

  test('goes by itself without a shared lane', async () => {
    const pool = pools.open({ max: 1, multiplex: false });
    const client = await pool.connect();
    const answers = countAnswers(client);
    await client.query('BEGIN');
    expect(answers()).toBe(1);
    client.release();
  });
});

describe('COMMIT', () => {
  /** Two holders on one connection: the second begins behind the first one's COMMIT. */
  async function overlap(commit: string, first = 'SELECT 1') {
    const pool = pools.open({ max: 1 });
    const one = await pool.connect();
    await one.query('BEGIN');
    await one.query(first);
    const waiting = watch(pool.connect());
    const ending = watch(one.query(commit));
    const two = await waiting.promise;
    return { pool, one, two, ending };
  }

  test('passes the connection on before it is answered', async () => {
    const { one, two, ending } = await overlap('COMMIT', 'INSERT INTO entry VALUES (1)');
    expect(ending.done).toBe(false);
    expect(two).not.toBe(one);
    expect(two).toBeInstanceOf((one as object).constructor);
    await two.query('BEGIN');
    const seen = await two.query('SELECT count(*)::int AS n FROM entry WHERE id = 1');
    expect(seen.rows).toEqual([{ n: 1 }]);
    expect((await ending.promise).command).toBe('COMMIT');
    one.release();
    await two.query('COMMIT');
    two.release();
  });

  test('that fails is told to its own holder', async () => {
    const { one, two, ending } = await overlap('COMMIT', 'INSERT INTO entry VALUES (2, 999)');
    const next = two.query('SELECT 5 AS n');
    await expect(ending.promise).rejects.toMatchObject({ code: '23503' });
    expect((await next).rows).toEqual([{ n: 5 }]);
    one.release();
    two.release();
    expect(await ids()).not.toContain(2);
  });

  test('its holder may go on, when the others have finished', async () => {
    const { one, two, ending } = await overlap('COMMIT', 'INSERT INTO entry VALUES (3)');
    await ending.promise;
    const more = watch(one.query('SELECT 8 AS n'));
    expect((await two.query('SELECT 9 AS n')).rows).toEqual([{ n: 9 }]);
    expect(more.done).toBe(false);
    two.release();
    expect((await more.promise).rows).toEqual([{ n: 8 }]);
    await one.query('BEGIN');
    await one.query('INSERT INTO entry VALUES (4)');
    await one.query('COMMIT');
    one.release();
    expect(await ids()).toEqual(expect.arrayContaining([3, 4]));
  });

  test('its holder may go on at once, when nobody has begun yet', async () => {
    const { pool, one, two, ending } = await overlap('COMMIT');
    await ending.promise;
    two.release();
    await expect.poll(() => pool.waitingCount).toBe(0);
    expect((await one.query('SELECT 8 AS n')).rows).toEqual([{ n: 8 }]);
    one.release();
  });

  test('what was not awaited behind it is still done when its holder has given it back', async () => {
    const { one, two, ending } = await overlap('COMMIT');
    await two.query('BEGIN');
    const said = [1, 2, 3].map((n) => two.query('SELECT $1::int AS n', [n]));
    two.release();
    const answers = await Promise.all(said);
    expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2, 3]);
    await ending.promise;
    one.release();
  });

  test('an end that waited in vain behind it ends its transaction all the same', async () => {
    await pools.admin('INSERT INTO entry VALUES (10)');
    const locker = await pools.open({ max: 1 }).connect();
    await locker.query('BEGIN');
    await locker.query('SELECT FROM entry WHERE id = 10 FOR UPDATE');
    // The COMMIT has to look at the row that is locked.
    const { one, two, ending } = await overlap('COMMIT', 'INSERT INTO entry VALUES (11, 10)');
    await two.query('BEGIN');
    const undone = withDeadline(100, () => two.query('INSERT INTO entry VALUES (12)'));
    const end = withDeadline(100, () => two.query('ROLLBACK'));
    await expect(undone).rejects.toMatchObject({ outcome: 'unknown' });
    await expect(end).rejects.toMatchObject({ outcome: 'not-sent' });
    await locker.query('ROLLBACK');
    locker.release();
    await two.query('INSERT INTO entry VALUES (13)');
    two.release();
    await ending.promise;
    one.release();
    expect((await ids()).filter((id) => id >= 10)).toEqual([10, 11, 13]);
  });

  test('each holder has its own release', async () => {
    const { pool, one, two, ending } = await overlap('ROLLBACK');
    await ending.promise;
    one.release();
    expect(() => one.release()).toThrow(/already been released/);
    await expect(one.query('SELECT 1')).rejects.toThrow(/after it was released/);
    expect((await two.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    two.release();
    const [three, four] = [await pool.connect(), watch(pool.connect())];
    expect(four.done).toBe(false);
    three.release();
    (await four.promise).release();
    expect(pool.totalCount).toBe(1);
  });

  test('a session with state of its holder’s is not passed on', async () => {
    const pool = pools.open({ max: 1 });
    const one = await pool.connect();
    await one.query('SET application_name = $$mine$$');
    await one.query('BEGIN');
    await one.query('SELECT 1');
    const waiting = watch(pool.connect());
    await one.query('COMMIT');
    expect(waiting.done).toBe(false);
    one.release();
    const two = await waiting.promise;
    expect((await two.query('SHOW application_name')).rows[0].application_name).not.toBe('mine');
    two.release();
  });

  test('a hundred transactions over two connections, each with its own outcome', async () => {
    const pool = pools.open({ max: 2 });
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await client.query('INSERT INTO entry VALUES ($1, $2)', [
            1_000 + i,
            i % 5 === 0 ? -1 : null,
          ]);
          await client.query(i % 7 === 0 ? 'ROLLBACK' : 'COMMIT');
          return i % 7 === 0 ? 'rolled back' : 'committed';
        } catch (error) {
          return (error as { code: string }).code;
        } finally {
          client.release();
        }
      }),
    );
    const committed = outcomes.flatMap((outcome, i) => (outcome === 'committed' ? 1_000 + i : []));
    expect((await ids()).filter((id) => id >= 1_000)).toEqual(committed);
    for (const [i, outcome] of outcomes.entries()) {
      expect(outcome).toBe(i % 7 === 0 ? 'rolled back' : i % 5 === 0 ? '23503' : 'committed');
    }
  });
});

describe('what a checkout leaves in its session', () => {
  test.each([
    [
      'a setting',
      "SET statement_timeout = '7s'",
      'SHOW statement_timeout',
      { statement_timeout: '0' },
    ],
    [
      'a setting by function',
      "SELECT set_config('search_path', 'pg_catalog', false)",
      'SHOW search_path',
      { search_path: '"$user", public' },
    ],
    [
      'a temporary table',
      'CREATE TEMP TABLE left_over (a int)',
      "SELECT to_regclass('pg_temp.left_over') AS t",
      { t: null },
    ],
    [
      'an advisory lock',
      'SELECT pg_advisory_lock(1)',
      "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'",
      { n: 0 },
    ],
    ['LISTEN', 'LISTEN something', 'SELECT pg_listening_channels() AS c', undefined],
  ])('is discarded: %s', async (_, leave, look, expected) => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const { rows: before } = await client.query('SELECT pg_backend_pid() AS pid');
    await client.query(leave);
    client.release();
    expect((await pool.query(look)).rows[0]).toEqual(expected);
    expect((await pool.query('SELECT pg_backend_pid() AS pid')).rows).toEqual(before);
  });

  test('prepared statements work on after it', async () => {
    const pool = pools.open({ max: 1 });
    for (let i = 0; i < 5; i++) await pool.query('SELECT $1::int AS n', [i]);
    const client = await pool.connect();
    await client.query({ name: 'mine', text: 'SELECT 1 AS n' });
    await client.query('SET a.b = 1');
    client.release();
    expect((await pool.query('SELECT $1::int AS n', [9])).rows).toEqual([{ n: 9 }]);
    const again = await pool.connect();
    expect((await again.query({ name: 'mine', text: 'SELECT 1 AS n' })).rows).toEqual([{ n: 1 }]);
    again.release();
  });

  test('a connection that the application has prepared is replaced instead', async () => {
    const pool = pools.open({ max: 1 });
    pool.on('connect', (client) => void client.query("SET a.tenant = 'ours'"));
    const client = await pool.connect();
    await client.query("SET a.tenant = 'theirs'");
    client.release();
    expect((await pool.query("SELECT current_setting('a.tenant') AS t")).rows).toEqual([
      { t: 'ours' },
    ]);
  });

  test.each(['RESET a.tenant', 'DISCARD ALL'])(
    'also where a holder has undone its preparation: %s',
    async (command) => {
      const pool = pools.open({ max: 1 });
      pool.on('connect', (client) => void client.query("SET a.tenant = 'ours'"));
      const client = await pool.connect();
      await client.query(command);
      client.release();
      expect((await pool.query("SELECT current_setting('a.tenant') AS t")).rows).toEqual([
        { t: 'ours' },
      ]);
    },
  );

  test('nothing is left by a tenant that was set for its transaction: no discarding, and statements stay prepared', async () => {
    const pool = pools.open({ max: 1 });
    const names = 'SELECT count(*)::int AS n FROM pg_prepared_statements';
    for (let i = 0; i < 5; i++) await pool.query(names);
    const before = (await pool.query(names)).rows;
    const client = await pool.connect();
    const answers = countAnswers(client);
    await client.query('BEGIN');
    await client.query("SELECT set_config('a.tenant', $1, TRUE)", ['theirs']);
    await client.query('COMMIT');
    client.release();
    expect((await pool.query(names)).rows).toEqual(before);
    expect(before).toEqual([{ n: 1 }]);
    expect(answers()).toBe(3);
    const { rows } = await pool.query(
      "SELECT coalesce(current_setting('a.tenant', true), '') AS t",
    );
    expect(rows).toEqual([{ t: '' }]);
  });

  test.each([true, false])(
    'also after pool.query, and without a shared lane: multiplex %s',
    async (multiplex) => {
      const pool = pools.open({ max: 1, multiplex });
      await pool.query("SET a.b = 'left'");
      const { rows } = await pool.query("SELECT coalesce(current_setting('a.b', true), '') AS v");
      expect(rows).toEqual([{ v: '' }]);
    },
  );
});

test('a statement that has to wait is sent as it was said, whatever becomes of its object', async () => {
  await pools.admin('CREATE TABLE said (n int)');
  const pool = pools.open({ max: 1 });
  const first = await pool.connect();
  await first.query('BEGIN');
  await first.query('INSERT INTO entry VALUES (9001, 9001)');
  const committed = first.query('COMMIT').then(() => first.release());
  // Behind the COMMIT only one statement may stand: the others wait for it.
  const second = await pool.connect();
  const statement = { text: 'INSERT INTO said VALUES ($1)', values: [1] };
  const answers = [second.query(statement)];
  for (const n of [2, 3]) {
    statement.values = [n];
    answers.push(second.query(statement));
  }
  const values = [4];
  answers.push(second.query('INSERT INTO said VALUES ($1)', values));
  values.pop();
  statement.values.pop();
  statement.text = 'SELECT 1';
  statement.values = [];
  await Promise.all([committed, ...answers]);
  second.release();
  const { rows } = await pools.admin('SELECT n FROM said ORDER BY n');
  expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
});

describe('the statement that carries BEGIN', () => {
  test('has the results that it has in pg, also where binary ones are wanted', async () => {
    const text = "SELECT 5 AS n, '1 day'::interval AS i, '{1,2}'::int[] AS a";
    const asked = { text, binary: true } as pg.QueryConfig;
    const own = pools.open({ max: 1 });
    const plain = new pg.Pool({ connectionString: pools.server.url(), max: 1 });
    const rows = [];
    for (const pool of [own, plain]) {
      const client = await pool.connect();
      await client.query('BEGIN');
      rows.push((await client.query(asked)).rows);
      await client.query('ROLLBACK');
      client.release();
    }
    await plain.end();
    expect(rows[0]).toEqual(rows[1]);
  });

  test.each([
    ['a name that has another text', { name: 'taken', text: 'SELECT 2' }, 'must be unique'],
    ['values that are no array', { text: 'SELECT $1', values: 'x' }, 'values must be an array'],
  ])('is refused for %s, and the transaction goes on', async (_name, refused, message) => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    await client.query({ name: 'taken', text: 'SELECT 1' });
    await client.query('BEGIN');
    await expect(client.query(refused as pg.QueryConfig)).rejects.toThrow(message);
    await client.query('INSERT INTO entry VALUES (9100)');
    await client.query('ROLLBACK');
    client.release();
    expect(await ids()).not.toContain(9100);
    expect(pool.stats().counts.connects).toBe(1);
  });
});
