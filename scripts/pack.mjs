// `npm run pack`: each published package as the registry would have it, in packed/, and how to install them.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './run.mjs';

const folder = join(root, 'packed');
const published = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((path) => !JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).private);

// npm names itself to its scripts; on Windows its command could not be spawned without a shell.
const npm = process.env.npm_execpath;
if (!npm) throw new Error('run it as `npm run pack`');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
// Earlier builds may have left files whose sources are gone.
for (const path of published) {
  for (const built of ['dist', 'tsconfig.tsbuildinfo']) {
    rmSync(join(path, built), { recursive: true, force: true });
  }
}
// What goes wrong is told on stderr; npm's own list of files is long.
const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
const args = ['pack', '--silent', '--pack-destination', folder];
process.exitCode =
  (await build()) ||
  (await run(npm, [...args, ...published.map((path) => `--workspace=${path}`)], quiet));

if (process.exitCode === 0) {
  const names = readdirSync(folder).map((name) => `  ${name}`);
  console.log(
    `${names.join('\n')}\n\nIn your application:\n\n  npm install ${join(folder, '*.tgz')}`,
  );
}
