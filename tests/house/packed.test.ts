import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read, root, workspaces } from './repository.ts';

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

const published = workspaces().filter(({ manifest }) => !manifest.private);

function pack(): Map<string, readonly string[]> {
  // npm's own file, where npm runs us: on Windows its command could not be started without a shell.
  const { npm_execpath: npm } = process.env;
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  for (const { folder } of published) args.push(`--workspace=${folder}`);
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const packed = JSON.parse(execFileSync(command, [...first, ...args], options)) as Packed[];
  return new Map(packed.map(({ name, files }) => [name, files.map(({ path }) => path)]));
}

describe('what a user installs', () => {
  const packed = pack();

  test.each(published.map(({ manifest, folder }) => [manifest.name, folder] as const))(
    '%s has all that it names, and nothing of ours',
    (name, folder) => {
      const files = packed.get(name) ?? [];
      expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
      expect(
        entriesOf(read(`${folder}/package.json`)).filter((one) => !files.includes(one)),
      ).toEqual([]);
      const ours = /\.test\.|(^|\/)(testing|golden)\/|\.tsbuildinfo$/;
      expect(files.filter((file) => ours.test(file))).toEqual([]);
      expect(files.filter((file) => isWithoutSource(file, folder, files))).toEqual([]);
    },
  );
});

/** Files that a manifest names: `main`, `bin`, `exports` and the types of each. */
function entriesOf(manifest: string): string[] {
  const { main, types, bin, exports, typesVersions } = JSON.parse(manifest);
  const named = JSON.stringify([main, types, bin, exports, typesVersions]).match(/"\.\/[^"]+"/g);
  return (named ?? [])
    .map((quoted) => posix.normalize(JSON.parse(quoted)))
    .filter((file) => /\.\w+$/.test(file));
}

/** A map whose source nobody finds makes editors and stack traces point nowhere. */
function isWithoutSource(file: string, folder: string, files: readonly string[]): boolean {
  if (!file.endsWith('.map')) return false;
  const { sources } = JSON.parse(read(`${folder}/${file}`)) as { sources: string[] };
  return (
    sources
      .map((one) => posix.join(posix.dirname(file), one))
      // What an earlier build has left is removed by `npm run pack`.
      .filter((source) => existsSync(posix.join(root, folder, source)))
      .some((source) => !files.includes(source))
  );
}
