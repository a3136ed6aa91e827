import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** What a package.json says, as far as the house is concerned. */
export interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly license?: string;
  readonly private?: boolean;
  readonly engines?: { readonly node?: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface Workspace {
  /** Relative to the root, such as `packages/pool`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readManifest(file: string): Manifest {
  return JSON.parse(read(file)) as Manifest;
}

export function workspaces(): Workspace[] {
  return committedFiles()
    .filter((file) => /^(packages|examples)\/[^/]+\/package\.json$/.test(file))
    .map((file) => ({ folder: dirname(file), manifest: readManifest(file) }));
}

/** Files that git holds or would take, so that a new file is looked at before its commit. */
export function committedFiles(): string[] {
  const listed = execFileSync(
    'git',
    // A checkout may belong to another user than the one who runs its tests.
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const deleted = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--deleted'], {
    cwd: root,
    encoding: 'utf8',
  });
  const gone = new Set(deleted.split('\0'));
  return [...new Set(listed.split('\0'))].filter((file) => file !== '' && !gone.has(file)).sort();
}
