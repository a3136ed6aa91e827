import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PgModule } from '../pg-internals.ts';

/** One copy of pg that the process has loaded. */
export interface PgCopy {
  readonly module: PgModule;
  readonly version: string;
  readonly folder: string;
}

/** pg's main file. Others are called so too: the manifest decides. */
const MAIN_FILE = /[\\/]lib[\\/]index\.js$/;

/** The part of Node's CommonJS loader that this stands on; `load` has been there since Node 0.x. */
interface CommonJsModule {
  readonly exports: unknown;
  readonly loaded: boolean;
  load(filename: string): void;
}

/**
 * Calls `found` with each copy of pg when it has just been loaded, before whoever asked for it has it.
 *
 * All of pg is CommonJS: its face for `import` reads what the main file exports. So one place sees
 * every importer, and pg is not loaded for programs that don't.
 */
export function onPgLoaded(found: (copy: PgCopy) => void): void {
  const { prototype } = Module as unknown as { prototype: CommonJsModule };
  const { load } = prototype;
  prototype.load = function (filename) {
    load.call(this, filename);
    notice(this, filename);
  };
  for (const [filename, module] of Object.entries(createRequire(import.meta.url).cache)) {
    if (module?.loaded) notice(module, filename);
  }

  function notice({ exports }: Pick<CommonJsModule, 'exports'>, filename: string): void {
    if (!MAIN_FILE.test(filename) || !isPg(exports)) return;
    const folder = dirname(dirname(filename));
    const manifest = readManifest(folder);
    if (manifest?.name === 'pg') found({ module: exports, version: manifest.version, folder });
  }
}

function isPg(exports: unknown): exports is PgModule {
  if (typeof exports !== 'object' || exports === null) return false;
  return ['Pool', 'Client', 'defaults', 'types'].every((name) => Object.hasOwn(exports, name));
}

function readManifest(folder: string): { name?: string; version: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
