import { expect, test } from 'vitest';
import { type Grouping, groupStatement } from './statement.ts';

const INT = { arity: 'scalar', scalarType: 'int' } as const;
const TEXT = { arity: 'scalar', scalarType: 'string' } as const;
const BIG = { arity: 'scalar', scalarType: 'bigint' } as const;

const books = {
  sql: 'SELECT "public"."Book"."id" FROM "public"."Book" WHERE ("public"."Book"."authorId" = $1 AND "public"."Book"."authorId" = $2 AND "public"."Book"."authorId" = $3 AND "public"."Book"."title" = $4) ORDER BY "public"."Book"."id" ASC LIMIT $5 OFFSET $6',
  args: [7, 7, 7, 'x', '8', '1500000001'],
  argTypes: [INT, INT, INT, TEXT, BIG, BIG],
};
const grouping: Grouping = { values: [7, 9], hasNull: false, isEnum: false, skip: 2 };

test('the statement runs once for each value of a list, which is its first argument', () => {
  expect(groupStatement(books, grouping)).toEqual({
    sql:
      'WITH "_lifeguard_type" AS (SELECT FROM "public"."Book" WHERE "public"."Book"."authorId" = ANY($1)) ' +
      'SELECT "_lifeguard_rows".*, "_lifeguard_groups"."number"::int AS "_lifeguard_group" ' +
      'FROM unnest($1) WITH ORDINALITY AS "_lifeguard_groups" ("value", "number") ' +
      'CROSS JOIN LATERAL (SELECT "public"."Book"."id" FROM "public"."Book" WHERE ("public"."Book"."authorId" = "_lifeguard_groups"."value" AND "public"."Book"."title" = $2) ORDER BY "public"."Book"."id" ASC LIMIT $3 OFFSET $4) AS "_lifeguard_rows"',
    args: [[7, 9], 'x', '8', '2'],
    argTypes: [{ ...INT, arity: 'list' }, TEXT, BIG, BIG],
  });
});

test('its text does not depend on how many values there are', () => {
  const many = { ...grouping, values: Array.from({ length: 10_000 }, (_, n) => n) };
  expect(groupStatement(books, many)?.sql).toBe(groupStatement(books, grouping)?.sql);
});

test('rows without a value are a part of their own, so that the index serves the others', () => {
  const { sql } = groupStatement(books, { ...grouping, hasNull: true }) ?? {};
  expect(sql).toContain(
    'AS "_lifeguard_rows" UNION ALL SELECT "_lifeguard_rows".*, 0 FROM (SELECT "public"."Book"."id" FROM "public"."Book" WHERE ("public"."Book"."authorId" IS NULL AND "public"."Book"."title" = $2) ',
  );
});

test('the values of an enum are taken from the statement, under their names in the database', () => {
  const equals = (n: number) => `"m"."all"."the mood" = CAST($${n}::text AS "m"."moods of $1")`;
  const sql = `SELECT "m"."all"."$2" FROM "m"."all" WHERE (${[1, 2, 3, 4, 5].map(equals).join(' AND ')}) LIMIT $6 OFFSET $7`;
  const args = ['calm', 'calm', 'calm', 'so wild', 'grey', '1', '1500000001'];
  const grouped = groupStatement(
    { sql, args, argTypes: [TEXT, TEXT, TEXT, TEXT, TEXT, BIG, BIG] },
    { values: ['CALM', 'WILD', 'GREY'], hasNull: false, isEnum: true, skip: 0 },
  );
  expect(grouped?.args).toEqual([['calm', 'so wild', 'grey'], '1', '0']);
  expect(grouped?.sql).toContain(
    '(SELECT "m"."all"."$2" FROM "m"."all" WHERE ("m"."all"."the mood" = "_lifeguard_groups"."value") LIMIT $2 OFFSET $3)',
  );
});

test('a comment stays at the end, and what it says is no placeholder', () => {
  const { sql } =
    groupStatement({ ...books, sql: `${books.sql} /*a='$4',b='('*/` }, grouping) ?? {};
  expect(sql?.endsWith(` AS "_lifeguard_rows" /*a='$4',b='('*/`)).toBe(true);
});

test('the group may be anywhere in the condition, and arguments before it keep their order', () => {
  const sql =
    'SELECT "t"."id" FROM "t" LEFT JOIN (SELECT "u"."t_id" FROM "u" WHERE "u"."x" = $1) AS "j" ON true WHERE ("t"."tenant" = $2 AND ("t"."id" = $3 AND "t"."id" = $4 AND "t"."id" = $5)) LIMIT $6 OFFSET $7';
  const args = ['u', 'tenant', 7, 7, 7, '8', '1500000001'];
  const grouped = groupStatement(
    { sql, args, argTypes: [TEXT, TEXT, INT, INT, INT, BIG, BIG] },
    grouping,
  );
  expect(grouped?.args).toEqual([[7, 9], 'u', 'tenant', '8', '2']);
  expect(grouped?.sql).toContain(
    'AS (SELECT FROM "t" LEFT JOIN (SELECT "u"."t_id" FROM "u" WHERE "u"."x" = $2) AS "j" ON true WHERE "t"."id" = ANY($1))',
  );
  expect(grouped?.sql).toContain(
    'WHERE ("t"."tenant" = $3 AND ("t"."id" = "_lifeguard_groups"."value")) LIMIT $4 OFFSET $5',
  );
});

test('a filter for the same value beside the group stays a filter', () => {
  const equals = (n: number) => `"t"."id" = $${n}`;
  const sql = `SELECT 1 FROM "t" WHERE (${[1, 2, 3, 4].map(equals).join(' AND ')}) LIMIT $5 OFFSET $6`;
  const statement = { sql, args: [7, 7, 7, 7, '8', '0'], argTypes: [INT, INT, INT, INT, BIG, BIG] };
  expect(groupStatement(statement, grouping)?.sql).toContain(
    'WHERE ("t"."id" = "_lifeguard_groups"."value" AND "t"."id" = $2)',
  );
});

test.each([
  [
    'without its condition',
    'SELECT 1 FROM "t" WHERE ("t"."a" = $1 AND "t"."b" = $2 AND "t"."c" = $3)',
  ],
  [
    'with its condition twice',
    'SELECT 1 FROM "t" WHERE ("t"."a" = $1 AND "t"."a" = $2 AND "t"."a" = $3) OR ("t"."a" = $4 AND "t"."a" = $5 AND "t"."a" = $6)',
  ],
  ['of another form', 'SELECT 1 FROM "t" WHERE ("t"."a" IN ($1,$2,$3))'],
])('a statement %s is not touched', (_, sql) => {
  const args = [7, 7, 7, 7, 7, 7];
  expect(groupStatement({ sql, args, argTypes: args.map(() => INT) }, grouping)).toBeUndefined();
});
