import { type Desk, expectEqual, expectRows, type Operation } from '../operation.ts';

const MEGABYTE = 1024 * 1024;
const letter = (id: number) => String.fromCharCode(97 + (id % 26));

export const READS: readonly Operation[] = [
  {
    name: 'read',
    weight: 20,
    async run({ pool }, id) {
      expectRows(await pool.query('SELECT $1::int AS id', [id]), [{ id }]);
    },
  },
  {
    name: 'read without parameters',
    weight: 4,
    async run({ pool }, id) {
      expectRows(await pool.query(`SELECT ${id} AS id`), [{ id }]);
    },
  },
  {
    name: 'named read',
    weight: 6,
    async run({ pool }, id) {
      const text = 'SELECT $1::int AS id, $1::int * 2 AS double';
      const result = await pool.query({ name: 'named_read', text, values: [id] });
      expectRows(result, [{ id, double: id * 2 }]);
    },
  },
  {
    name: 'read by callback',
    weight: 3,
    async run({ pool }, id) {
      const result = await new Promise<{ rows: unknown[] }>((resolve, reject) => {
        pool.query('SELECT $1::text AS id', [id], (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
      });
      expectRows(result, [{ id: `${id}` }]);
    },
  },
  {
    name: 'read as arrays',
    weight: 3,
    async run({ pool }, id) {
      const text = 'SELECT $1::int, $2::text';
      const result = await pool.query({ rowMode: 'array', text, values: [id, `${id}`] });
      expectRows(result, [[id, `${id}`]]);
    },
  },
  {
    name: 'read with own types',
    weight: 2,
    async run({ pool }, id) {
      const types = { getTypeParser: () => (value: unknown) => `own ${value}` };
      const text = 'SELECT $1::int AS id';
      expectRows(await pool.query({ text, values: [id], types }), [{ id: `own ${id}` }]);
    },
  },
  {
    name: 'read of many rows',
    weight: 3,
    async run({ pool }, id) {
      const text = 'SELECT $1::int AS id, n FROM generate_series(1, 200) n';
      const { rows } = await pool.query(text, [id]);
      expectEqual(rows.length, 200);
      expectEqual(
        rows.every((row, i) => row.id === id && row.n === i + 1),
        true,
      );
    },
  },
  {
    name: 'large read',
    weight: 1,
    run: largeRead,
  },
  {
    name: 'slow read',
    weight: 2,
    async run({ pool }, id) {
      const { rows } = await pool.query('SELECT $1::int AS id, pg_sleep(0.003)', [id]);
      expectEqual(rows[0].id, id);
    },
  },
];

async function largeRead({ pool }: Desk, id: number): Promise<void> {
  const text = 'SELECT $1::int AS id, repeat($2, $3::int) AS big';
  const { rows } = await pool.query(text, [id, letter(id), MEGABYTE]);
  expectEqual([rows.length, rows[0].id], [1, id]);
  const { big } = rows[0];
  expectEqual([big.length, big[0], big.at(-1)], [MEGABYTE, letter(id), letter(id)]);
}
