// Generates the Prisma Clients whose schema, or Prisma itself, has changed. Needs no network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const clients = [
  {
    name: 'storefront',
    schema: 'examples/storefront/prisma/schema.prisma',
    output: 'examples/storefront/src/generated/',
  },
  {
    name: 'tests of @lifeguard/prisma',
    schema: 'packages/prisma/src/testing/schema.prisma',
    output: 'packages/prisma/src/testing/generated/',
  },
  {
    name: 'tests of @lifeguard/prisma, with relationJoins',
    schema: 'packages/prisma/src/testing/joined/schema.prisma',
    output: 'packages/prisma/src/testing/joined/generated/',
  },
  {
    name: 'comparisons of @lifeguard/prisma',
    schema: 'packages/prisma/src/testing/specimens/schema.prisma',
    output: 'packages/prisma/src/testing/specimens/generated/',
  },
];

const manifest = createRequire(new URL('examples/storefront/package.json', root)).resolve(
  'prisma/package.json',
);
const prisma = JSON.parse(readFileSync(manifest, 'utf8'));

for (const { name, schema, output } of clients) {
  const schemaFile = fileURLToPath(new URL(schema, root));
  const stampFile = fileURLToPath(new URL(`${output}.stamp`, root));
  const stamp = createHash('sha256')
    .update(prisma.version)
    .update(readFileSync(schemaFile))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) continue;
  generate(schemaFile);
  writeFileSync(stampFile, stamp);
  console.log(`Prisma Client of the ${name} generated (prisma ${prisma.version}).`);
}

function generate(schemaFile) {
  const command = join(dirname(manifest), prisma.bin.prisma);
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [command, 'generate', '--schema', schemaFile, '--no-hints'],
    { cwd: dirname(schemaFile), encoding: 'utf8', env: { ...offline(), ...process.env } },
  );
  if (status === 0) return;
  console.error(`prisma generate failed for ${schemaFile}:\n${error?.message ?? stdout + stderr}`);
  process.exit(1);
}

// Every `prisma` command first downloads the schema engine, which `migrate` and `db push` need and `generate` (WebAssembly
// and TypeScript) doesn't. Naming any executable as the engine skips the download, so that a build works without a
// network; Node itself exists on every platform. It holds for this one child process, and a user's own setting wins.
function offline() {
  return {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
}
