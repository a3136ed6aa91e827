import type { ComponentChildren } from 'preact';

export interface Column<T> {
  readonly name: string;
  readonly isNumber?: boolean;
  /** Not on narrow screens. */
  readonly isWide?: boolean;
  readonly cell: (row: T) => ComponentChildren;
}

interface Props<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly empty: string;
}

/** A table whose first column is what the row is about. */
export function Table<T>({ caption, columns, rows, keyOf, empty }: Props<T>) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  return (
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, isNumber, isWide }) => (
            <th key={name} scope="col" data-number={isNumber} data-wide={isWide}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, isNumber, isWide, cell }, i) =>
              i === 0 ? (
                <th key={name} scope="row">
                  {cell(row)}
                </th>
              ) : (
                <td key={name} data-number={isNumber} data-wide={isWide}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A share of a whole as a bar; `within` is drawn apart inside it. */
export function Bar({ share, within = 0 }: { share: number; within?: number }) {
  return (
    <span class="bar" aria-hidden="true">
      <span class="bar-full" style={{ width: `${clamp(share)}%` }}>
        <span class="bar-within" style={{ width: `${clamp(within)}%` }} />
      </span>
    </span>
  );
}

function clamp(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 1_000) / 10;
}
