import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { committedFiles, read, readManifest, root, workspaces } from './repository.ts';

const MOST_LINES = 300;

const files = committedFiles();
const all = workspaces();
const byName = all.map(({ manifest, folder }) => [manifest.name, { manifest, folder }] as const);

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

describe('the lockfile', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as Lockfile;

  test('names no registry: npm takes the one that it is set up with', () => {
    const addresses = Object.entries(packages)
      .filter(([, { resolved, link }]) => resolved !== undefined && !link)
      .map(([name]) => name);
    expect(addresses).toEqual([]);
  });

  test('holds what its packages need on every platform: `npm ci` refuses it otherwise', () => {
    expect(missingFrom({ packages })).toEqual([]);
  });

  test('that lacks a platform would be found', () => {
    const needs = { optionalDependencies: { 'a-linux': '1', 'a-darwin': '1' } };
    const lock = { packages: { 'node_modules/a': needs, 'node_modules/a-linux': {} } };
    expect(missingFrom(lock)).toEqual(['node_modules/a needs a-darwin']);
  });

  test('holds one copy of pg, for Prisma takes only a pool of its own copy', () => {
    const copies = Object.keys(packages).filter((path) => /(^|\/)node_modules\/pg$/.test(path));
    expect(copies).toEqual(['node_modules/pg']);
  });
});

describe('the files', () => {
  test('name no folder of the machine that they were written on', () => {
    const found = files
      .map((file) => ({ file, content: readFileSync(join(root, file)) }))
      .filter(({ content }) => !content.includes(0))
      .flatMap(({ file, content }) =>
        machinePaths(content.toString('utf8')).map((line) => `${file}:${line}`),
      );
    expect(found).toEqual([]);
  });

  test(`of packages are at most ${MOST_LINES} lines long`, () => {
    const long = files
      .filter((file) => /^packages\/[^/]+\/src\/.*\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ file, lines }) => `${file}: ${lines}`);
    expect(long).toEqual([]);
  });

  test('that are made are not committed', () => {
    const made = /(^|\/)(node_modules|dist|coverage|generated|\.cache)\/|\.tsbuildinfo$/;
    expect(files.filter((file) => made.test(file))).toEqual([]);
  });
});

describe('the manifests', () => {
  const { engines } = readManifest('package.json');

  test.each(byName)('%s says what a registry shows', (_, { manifest, folder }) => {
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/\S/),
      license: 'MIT',
      engines,
    });
    expect(existsSync(join(root, folder, 'README.md'))).toBe(true);
  });

  test('declare the same range of a dependency everywhere', () => {
    const ranges = new Map<string, Set<string>>();
    for (const { manifest } of all) {
      const declared = { ...manifest.dependencies, ...manifest.devDependencies };
      for (const [name, range] of Object.entries(declared)) {
        ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
      }
    }
    const differing = [...ranges].filter(([, found]) => found.size > 1).map(([name]) => name);
    expect(differing).toEqual([]);
  });
});

/** Packages that another needs and that are neither in its folder nor in one above it. */
function missingFrom({ packages }: Lockfile): string[] {
  const above = (path: string) =>
    path.split('/node_modules/').map((_, index, parts) => {
      const folder = parts.slice(0, parts.length - index).join('/node_modules/');
      return `${folder}/node_modules/`;
    });
  return Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) =>
        [...above(path), 'node_modules/'].every((folder) => !(folder + name in packages)),
      )
      .map((name) => `${path} needs ${name}`),
  );
}

/** Lines, from 1, that name a folder of somebody's machine. */
function machinePaths(text: string): number[] {
  // After a host or a folder it is a path of a site or of the repository.
  const path = /(^|file:\/\/|[^\w./}-])\/(root|home|work|Users)\/(?!:?\d)\w/;
  return text.split('\n').flatMap((line, index) => (path.test(line) ? [index + 1] : []));
}

test('machinePaths finds folders of a machine, and not those of a site', () => {
  const of = (folder: string) => `/${folder}/somebody`;
  const text = [
    of('home'),
    `see ${of('root')}`,
    `file://${of('Users')}`,
    `cwd: '${of('work')}'`,
    `https://example.org${of('home')}`,
    `./src${of('work')}`,
    'GET /home/42',
    'GET /home/:id',
  ].join('\n');
  expect(machinePaths(text)).toEqual([1, 2, 3, 4]);
});
