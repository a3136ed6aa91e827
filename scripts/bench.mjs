// `npm run bench`: builds what has changed, then compares the pool with its peers.
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './run.mjs';

process.stderr.write('Building (half a minute the first time) …\n');
// All that is not a result goes to stderr.
const built = await build('bench', { stdio: ['ignore', 2, 2] });
// Ctrl-C goes to the whole group: the bench ends its servers, and this one waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.exitCode =
  built === 0 ? await run(join(root, 'bench/dist/main.js'), process.argv.slice(2)) : built;
