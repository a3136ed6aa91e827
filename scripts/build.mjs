// Builds Prisma's client for the storefront and the dashboard's page, then all packages by project references.
import { join } from 'node:path';
import { bin, root, run } from './run.mjs';

/** `project`: a folder with a tsconfig.json; with what it refers to. The default is everything. */
export async function build(project = '.', options = {}) {
  const generated = await run(join(root, 'scripts/generate.mjs'), [], options);
  if (generated !== 0) return generated;
  const paged = await run(join(root, 'scripts/page.mjs'), [], options);
  if (paged !== 0) return paged;
  return run(bin('typescript', 'tsc'), ['--build', project], options);
}

if (process.argv[1] === join(root, 'scripts/build.mjs')) process.exitCode = await build();
