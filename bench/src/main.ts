import { writeFileSync } from 'node:fs';
import { type BenchOptions, readArguments, USAGE } from './arguments.ts';
import { cases } from './cases/index.ts';
import { renderResults } from './report/table.ts';
import { runBench } from './run-bench.ts';

// The server's keeper, the network and the child end with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const startedAt = performance.now();

function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stderr.write(`${String(seconds).padStart(4)} s ${text}\n`);
}

async function run(options: BenchOptions): Promise<number> {
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (options.list) {
    const width = Math.max(...cases.map(({ name }) => name.length));
    for (const { name, title } of cases) console.log(`${name.padEnd(width)}  ${title}`);
    return 0;
  }
  const results = await runBench(options, say);
  console.log(`\n${renderResults(results)}`);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  // Slow is no failure; a measurement that came to nothing is.
  const failed = results.cases.some(({ peers }) => peers.some(({ errors }) => errors.length > 0));
  return failed ? 1 : 0;
}

try {
  process.exitCode = await run(readArguments(process.argv.slice(2)));
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  process.exitCode = 1;
}
