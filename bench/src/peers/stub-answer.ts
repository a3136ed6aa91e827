interface Statement {
  readonly text: string;
}

/** PostgreSQL's numbers of types, by the columns that the storefront's products have. */
const TYPES: Readonly<Record<string, readonly [oid: number, value: unknown]>> = {
  id: [23, 1],
  category_id: [23, 1],
  price_cents: [23, 1],
  stock: [23, 1],
  is_published: [16, true],
  created_at: [1184, '2026-01-01 00:00:00+00'],
};
const TEXT: readonly [number, unknown] = [25, 'x'];

/** In the place of a pool's `query`: answers Prisma's reads of a product at once, with one row. */
export function stubQuery(): (statement: Statement) => Promise<unknown> {
  let answer: Promise<unknown> | undefined;
  return ({ text }) => {
    answer ??= Promise.resolve(rowOf(text));
    return answer;
  };
}

function rowOf(text: string) {
  const selected = text.slice(0, text.indexOf(' FROM '));
  const columns = [...selected.matchAll(/"products"\."(\w+)"/g)].map(([, name = '']) => name);
  const known = columns.map((name) => TYPES[name] ?? TEXT);
  return {
    fields: columns.map((name, i) => ({ name, dataTypeID: known[i]?.[0] })),
    rows: [known.map(([, value]) => value)],
    rowCount: 1,
  };
}
