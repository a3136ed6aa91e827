// `npm run pack`: each published package as the registry would have it, in packed/, and how to install them.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './run.mjs';

const folder = join(root, 'packed');
const published = readdirSync(join(root, 'packages'))
  .map((name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')))
  .filter((manifest) => !manifest.private)
  .map((manifest) => manifest.name);

// npm names itself to its scripts; on Windows its command could not be spawned without a shell.
const npm = process.env.npm_execpath;
if (!npm) throw new Error('run it as `npm run pack`');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
// What goes wrong is told on stderr; npm's own list of files is long.
const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
const args = ['pack', '--silent', '--pack-destination', folder];
process.exitCode =
  (await build()) ||
  (await run(npm, [...args, ...published.map((name) => `--workspace=${name}`)], quiet));

if (process.exitCode === 0) {
  const names = readdirSync(folder).map((name) => `  ${name}`);
  console.log(
    `${names.join('\n')}\n\nIn your application:\n\n  npm install ${join(folder, '*.tgz')}`,
  );
}
