import { relative } from 'node:path';
import { isReplaced, replacePool } from '../original-pool.ts';
import { requirePipeline } from '../pg-internals.ts';
import { definePool } from '../pool.ts';
import { adoptedOptions } from './adopted-options.ts';
import type { Mode } from './mode.ts';
import { defineObservedPool } from './observe/observed-pool.ts';
import type { PgCopy } from './pg-copies.ts';
import { say } from './say.ts';

/** Puts our pool, or one that only measures, into the place of this copy's `Pool`. */
export function adopt(copy: PgCopy, mode: Exclude<Mode, 'off'>): void {
  const { module } = copy;
  // Another copy of this package was here first.
  if (isReplaced(module)) return;
  try {
    if (mode === 'observe') {
      replacePool(module, defineObservedPool(module));
      return;
    }
    requirePipeline(module);
    replacePool(
      module,
      definePool(module, { mode, resolve: (config) => adoptedOptions(config, say) }),
    );
  } catch (error) {
    const { message } = error as Error;
    say(`the pools of ${describe(copy)} stay pg's own: ${message}`);
  }
}

function describe({ version, folder }: PgCopy): string {
  return `pg ${version} (${relative(process.cwd(), folder) || '.'})`;
}
