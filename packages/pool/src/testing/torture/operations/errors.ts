import { expectEqual, expectError, isLoss, type Operation, WrongAnswer } from '../operation.ts';

/** Errors of every phase of a statement; each caller knows its own again. */
export const ERRORS: readonly Operation[] = [
  {
    name: 'parse error',
    weight: 2,
    run: ({ pool }, id) => expectError(pool.query(`oops_${id} 1`), '42601', `oops_${id}`),
  },
  {
    name: 'parse error with parameters',
    weight: 2,
    run: ({ pool }, id) =>
      expectError(pool.query(`SELECT $1::int, oops_${id}`, [id]), '42703', `oops_${id}`),
  },
  {
    name: 'parse error of a named statement',
    weight: 2,
    run: ({ pool }, id) => {
      const text = `SELECT oops_${id}`;
      return expectError(pool.query({ name: `oops_${id}`, text }), '42703', `oops_${id}`);
    },
  },
  {
    name: 'value that can not be serialised',
    weight: 2,
    run: ({ pool }, id) => {
      const own = new TypeError(`value ${id} can't be sent`);
      const value = {
        toPostgres() {
          throw own;
        },
      };
      return expectOwn(pool.query('SELECT $1::int AS id, $2::text', [id, value]), own);
    },
  },
  {
    name: 'bind error',
    weight: 2,
    run: ({ pool }, id) =>
      expectError(pool.query('SELECT $1::int AS id', [`x${id}`]), '22P02', `x${id}`),
  },
  {
    name: 'wrong parameter count',
    weight: 2,
    async run({ pool }, id) {
      const text = 'SELECT $1::int AS id, $2::int AS other';
      // Right and wrong in turn: the text becomes known as one that works, and is prepared.
      if (id % 2 === 0) expectEqual((await pool.query(text, [id, 1])).rows[0].id, id);
      else await expectError(pool.query(text, [id]), '08P01', 'supplies 1 parameters');
    },
  },
  {
    name: 'execute error',
    weight: 2,
    async run({ pool }, id) {
      const text = 'SELECT $1::int AS id, 1 / $2::int AS quotient';
      if (id % 2 === 0) expectEqual((await pool.query(text, [id, 1])).rows[0].id, id);
      else await expectError(pool.query(text, [id, 0]), '22012', 'division by zero');
    },
  },
  {
    name: 'error after rows',
    weight: 2,
    run: ({ pool }, id) => {
      const text = 'SELECT $1::int AS id, 1 / (500 - n) FROM generate_series(1, 1000) n';
      return expectError(pool.query(text, [id]), '22012', 'division by zero');
    },
  },
  {
    name: 'error of its own',
    weight: 2,
    run: ({ pool }, id) =>
      expectError(pool.query('SELECT refuse($1)', [id]), 'P0001', `refused ${id}.`),
  },
  {
    name: 'unique violation',
    weight: 2,
    async run({ pool }, id) {
      const insert = () => pool.query('INSERT INTO uniques VALUES ($1)', [id]);
      await insert();
      await expectError(insert(), '23505', `(id)=(${id})`);
    },
  },
  {
    name: 'type parser that throws',
    weight: 1,
    run: ({ pool }, id) => {
      const own = new Error(`row ${id} can't be read`);
      const types = {
        getTypeParser: () => () => {
          throw own;
        },
      };
      return expectOwn(pool.query({ text: 'SELECT $1::int AS id', values: [id], types }), own);
    },
  },
];

async function expectOwn(answer: Promise<unknown>, own: Error): Promise<void> {
  const error: unknown = await answer.then(
    () => new WrongAnswer(`no error "${own.message}"`),
    (reason) => reason,
  );
  if (error === own) return;
  if (error instanceof WrongAnswer || isLoss(error)) throw error;
  throw new WrongAnswer(`got ${error} instead of "${own.message}"`);
}
