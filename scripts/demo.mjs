// `npm run demo`: builds what has changed, then runs the command line's demo.
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './run.mjs';

process.stderr.write('Building (half a minute the first time) …\n');
// All that is not a result goes to stderr: stdout may be somebody's JSON file.
const built = await build('packages/cli', { stdio: ['ignore', 2, 2] });
// Ctrl-C goes to the whole group: the demo cleans up, and this one waits for it.
process.on('SIGINT', () => {});
process.exitCode =
  built === 0
    ? await run(join(root, 'packages/cli/dist/main.js'), ['demo', ...process.argv.slice(2)])
    : built;
