import { basename } from 'node:path';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import { jsonReport } from '../frame/json.ts';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import type { LoadOptions } from './command.ts';
import { type Comparison, compare, linesOf } from './compare/compare.ts';
import { readResult } from './compare/read-result.ts';
import { renderComparison } from './compare/text.ts';
import { checkFiles, deliver } from './deliver.ts';

const VERSION = 1;

/** `lifeguard load --compare A.json B.json` */
export async function runCompare(
  files: readonly string[],
  options: LoadOptions,
  session: Session,
): Promise<ExitCode> {
  const [one, other] = files;
  if (one === undefined || other === undefined || files.length > 2) {
    throw new UserError(
      `--compare takes two results, and ${files.length} ${files.length === 1 ? 'is' : 'are'} given: lifeguard load --compare before.json after.json`,
    );
  }
  await checkFiles(options);
  const comparison = compare(await readResult(one), await readResult(other));
  const names = [basename(one), basename(other)] as const;
  await deliver(options, session, {
    text: () => renderComparison(comparison, names, session),
    json: () => toJson(comparison),
    html: async () => (await import('./html/compare-page.ts')).comparisonPage(comparison, names),
  });
  return EXIT.ok;
}

function toJson({ verdict, notes, pairs }: Comparison): string {
  return jsonReport('load-compare', VERSION, {
    verdict,
    notes,
    steps: pairs.map((pair) => {
      const { a, b } = pair;
      const figures = ({ curves: _c, histograms: _h, ...rest }: typeof a) => rest;
      return { at: pair.at, a: figures(a), b: figures(b), lines: linesOf(pair) };
    }),
  });
}
