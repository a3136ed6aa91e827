// Generates the storefront's Prisma Client when its schema or Prisma itself has changed. Needs no network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const storefront = fileURLToPath(new URL('../examples/storefront/', import.meta.url));
const schemaFile = join(storefront, 'prisma/schema.prisma');
const stampFile = join(storefront, 'src/generated/.stamp');

const packageFile = createRequire(join(storefront, 'package.json')).resolve('prisma/package.json');
const prisma = JSON.parse(readFileSync(packageFile, 'utf8'));
const stamp = createHash('sha256')
  .update(prisma.version)
  .update(readFileSync(schemaFile))
  .digest('hex');

if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
  console.log('Prisma Client of the storefront is up to date.');
} else {
  generate();
  writeFileSync(stampFile, stamp);
  console.log(`Prisma Client of the storefront generated (prisma ${prisma.version}).`);
}

function generate() {
  const command = join(dirname(packageFile), prisma.bin.prisma);
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [command, 'generate', '--schema', schemaFile, '--no-hints'],
    { cwd: storefront, encoding: 'utf8', env: { ...offline(), ...process.env } },
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
