#!/usr/bin/env node
import { complain } from './frame/complain.ts';
import { makeProgram } from './program.ts';

// Whoever reads us may stop reading: `lifeguard … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

// Libraries advise programmers by them; who uses a program can't follow.
process.removeAllListeners('warning');

try {
  await makeProgram().parseAsync();
} catch (error) {
  process.exitCode = await complain(error);
}
