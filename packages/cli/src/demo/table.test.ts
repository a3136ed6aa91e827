import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { madeUpResult } from '../testing/results.ts';
import { renderTable } from './table.ts';

const results = [
  madeUpResult([
    [
      { served: 146, failed: 75, throughput: 13.72, p50: 1_700, p99: 2_300, worstMillis: 5_010 },
      { served: 265, p50: 2_700, p99: 3_200, worstMillis: 3_240 },
    ],
    [
      { served: 0, failed: 96, throughput: 0, p50: 0, p99: 0, worstMillis: 5_000 },
      { served: 265, p50: 3.84, p99: 37, worstMillis: 43 },
    ],
    [
      { served: 523_000, throughput: 114.3, p50: 341, p99: 774, worstMillis: 824 },
      { served: 265, p50: 8.3, p99: 117, worstMillis: 119 },
    ],
  ]),
];

const golden = `
                            served  failed  per second     p50     p99  worst wait  connections

checkout (connection_limit=5)
  Prisma 7, stock pool         146      75        13.7   1.7 s   2.3 s       5.0 s            3
  Lifeguard, same code           0      96         0.0       –       –       5.0 s            4
  Lifeguard, code repaired  523000       0       114.3  341 ms  774 ms      824 ms            5

checkout: product pages (connection_limit=5)
  Prisma 7, stock pool         265       0           –   2.7 s   3.2 s       3.2 s            3
  Lifeguard, same code         265       0           –  3.8 ms   37 ms       43 ms            4
  Lifeguard, code repaired     265       0           –  8.3 ms  117 ms      119 ms            5`;

test('without colours', () => {
  expect(`\n${renderTable(results, pc.createColors(false))}`).toBe(golden);
});

test('with colours it has the same columns, and failures in red', () => {
  const table = renderTable(results, pc.createColors(true));
  expect(`\n${stripVTControlCharacters(table)}`).toBe(golden);
  expect(table).toContain('\u001b[31m    75\u001b[39m');
  expect(table).toContain('\u001b[32m     0\u001b[39m');
});
