// `npm test`: build and types, format and lint, then every test. Goes on after a failure, so that
// one run tells everything; the last line is the test runner's own totals.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { bin, run } from './run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-test-'));
const report = join(folder, 'report.json');

function totals() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTotalTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    return {
      passed: numPassedTests,
      failed: numFailedTests,
      skipped: numPendingTests,
      total: numTotalTests,
    };
  } catch {
    return undefined;
  }
}

console.log('— build and types');
const built = await build();
console.log('— format and lint');
const linted = await run(bin('@biomejs/biome', 'biome'), ['check', '--error-on-warnings']);
console.log('— tests');
const tested = await run(bin('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const counted = totals();
rmSync(folder, { recursive: true, force: true });

if (built !== 0) console.log('Failed: build and types');
if (linted !== 0) console.log('Failed: format and lint (npm run format mends most of it)');
if (counted?.skipped) console.log('Failed: tests were skipped');
if (!counted) console.log('Failed: the test runner gave no report');
const skipped = counted?.skipped ? `, ${counted.skipped} skipped` : '';
process.exitCode =
  built === 0 && linted === 0 && tested === 0 && counted?.total > 0 && counted.skipped === 0
    ? 0
    : 1;
if (counted) console.log(`${counted.passed} passed, ${counted.failed} failed${skipped}`);
