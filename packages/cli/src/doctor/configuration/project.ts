import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PoolReader, ProjectFacts } from './facts.ts';
import { findWaitBoundInCode } from './wait-bound-in-code.ts';

const PACKAGES = [
  '@lifeguard/prisma',
  '@lifeguard/pool',
  '@prisma/client',
  '@prisma/adapter-pg',
  'pg',
] as const;

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What the application in a folder opens its connections with. */
export function projectFacts(folder: string): ProjectFacts {
  const manifest = readManifest(join(folder, 'package.json'));
  const wanted = { ...manifest?.devDependencies, ...manifest?.dependencies };
  const versions: Record<string, string> = {};
  for (const name of PACKAGES) {
    // Installed but not asked for is somebody else's dependency.
    if (wanted[name] === undefined) continue;
    versions[name] = installedVersion(folder, name) ?? versionIn(wanted[name]);
  }
  const reader = readerOf(versions);
  const isInCode = reader === 'pg' || reader === 'prisma-adapter';
  return {
    folder,
    versions,
    reader,
    waitBoundIn: isInCode ? findWaitBoundInCode(folder) : undefined,
  };
}

/** Who reads the address: the first of them that is there. */
export function readerOf(versions: Readonly<Record<string, string>>): PoolReader {
  if (versions['@lifeguard/prisma'] || versions['@lifeguard/pool']) return 'lifeguard';
  const prisma = versions['@prisma/client'];
  if (prisma) {
    const major = Number.parseInt(prisma, 10);
    return major >= 7 || versions['@prisma/adapter-pg'] ? 'prisma-adapter' : 'prisma-engine';
  }
  return versions.pg ? 'pg' : 'unknown';
}

/** As Node.js looks for it: in node_modules of the folder, then of those above. */
function installedVersion(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = readManifest(join(at, 'node_modules', name, 'package.json'))?.version;
    if (found !== undefined || at === dirname(at)) return found;
  }
}

/** `7.10.0` of `^7.10.0`. */
function versionIn(range: string): string {
  return /\d[\w.-]*/.exec(range)?.[0] ?? range;
}

function readManifest(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
