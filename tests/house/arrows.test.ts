import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { ARROWS, findViolations, type Package } from './arrows.ts';
import { findCycles } from './cycles.ts';
import { importsOf } from './imports.ts';
import {
  committedFiles,
  type Manifest,
  read,
  readManifest,
  type Workspace,
  workspaces,
} from './repository.ts';

const files = committedFiles();
const all = workspaces();
const rootTools = Object.keys(readManifest('package.json').devDependencies ?? {});

function load({ folder, manifest }: Workspace): Package {
  return {
    manifest,
    references: referencesOf(folder),
    sources: files
      .filter((file) => file.startsWith(`${folder}/src/`) && /\.tsx?$/.test(file))
      .map((file) => ({ file: file.slice(folder.length + 1), text: read(file) })),
  };
}

function referencesOf(folder: string): string[] {
  const { config } = ts.parseConfigFileTextToJson(
    'tsconfig.json',
    read(`${folder}/tsconfig.json`),
  ) as { config: { references?: { path: string }[] } };
  return (config.references ?? []).map(
    ({ path }) => readManifest(posix.join(folder, path, 'package.json')).name,
  );
}

describe('the house', () => {
  test('has the packages that the arrows speak of', () => {
    expect(all.map(({ manifest }) => manifest.name).sort()).toEqual(Object.keys(ARROWS).sort());
  });

  test.each(all.map((one) => [one.manifest.name, one] as const))(
    '%s stands only on what is below it and what it declares',
    (_, one) => {
      const loaded = load(one);
      expect(loaded.sources.length).toBeGreaterThan(0);
      expect(findViolations(loaded, rootTools)).toEqual([]);
    },
  );

  test.each(all.map((one) => [one.manifest.name, one] as const))(
    '%s has no files that load each other in a circle',
    (_, one) => {
      expect(findCycles(load(one).sources)).toEqual([]);
    },
  );
});

describe('findViolations', () => {
  const check = (
    manifest: Manifest,
    sources: Record<string, string> = {},
    references: string[] = [],
  ) =>
    findViolations(
      {
        manifest,
        references,
        sources: Object.entries(sources).map(([file, text]) => ({ file, text })),
      },
      ['vitest'],
    );
  const pool: Manifest = {
    name: '@lifeguard/pool',
    peerDependencies: { pg: '*' },
    devDependencies: { '@lifeguard/testkit': '*' },
  };

  test('finds an arrow that points up, in an import and in a manifest', () => {
    expect(
      check(
        { ...pool, dependencies: { '@lifeguard/guard': '*' } },
        { 'src/a.ts': "\nimport { diagnose } from '@lifeguard/guard';" },
        ['@lifeguard/monitor'],
      ),
    ).toEqual([
      '@lifeguard/pool: dependencies names @lifeguard/guard, which is not below it',
      '@lifeguard/pool: tsconfig.json names @lifeguard/monitor, which is not below it',
      '@lifeguard/pool src/a.ts:2 imports @lifeguard/guard, which is not below it',
    ]);
  });

  test('finds what is imported and not declared, types as well', () => {
    expect(
      check(pool, {
        'src/a.ts': "import type { Hono } from 'hono/app';",
        'src/b.ts': "export * from '@scope/x/y'; import pg from 'pg'; import 'node:fs';",
        'src/c.test.ts': "import { test } from 'vitest';",
        'src/d.ts': "const { test } = await import('vitest');",
      }),
    ).toEqual([
      '@lifeguard/pool src/a.ts:1 imports hono, which its package.json does not declare',
      '@lifeguard/pool src/b.ts:1 imports @scope/x, which its package.json does not declare',
      '@lifeguard/pool src/d.ts:1 imports vitest, which its package.json does not declare',
    ]);
  });

  test('finds a value where only types may be taken', () => {
    const dashboard = {
      name: '@lifeguard/dashboard',
      dependencies: { '@lifeguard/monitor': '*' },
    };
    expect(
      check(
        dashboard,
        {
          'src/a.ts': "import type { Monitor } from '@lifeguard/monitor';",
          'src/b.tsx': "import { createMonitor } from '@lifeguard/monitor';",
        },
        ['@lifeguard/monitor'],
      ),
    ).toEqual([
      '@lifeguard/dashboard src/b.tsx:1 imports @lifeguard/monitor, of which it may take types only',
    ]);
  });

  test('finds what is published and needs what is not, but for what is done in a clone', () => {
    const cli = { name: 'lifeguard', devDependencies: { '@lifeguard/testkit': '*' } };
    const text = "import { startPostgres } from '@lifeguard/testkit';";
    const kit = ['@lifeguard/testkit'];
    expect(check(cli, { 'src/demo/a.ts': text }, kit)).toEqual([]);
    expect(check(cli, { 'src/load/a.ts': text }, kit)).toEqual([
      'lifeguard src/load/a.ts:1 imports @lifeguard/testkit, which its package.json does not declare',
    ]);
    const dependencies = { '@lifeguard/testkit': '*' };
    expect(check({ name: 'lifeguard', dependencies })).toEqual([
      'lifeguard: is published and needs @lifeguard/testkit, which is not',
    ]);
    expect(check({ name: 'lifeguard', dependencies, private: true })).toEqual([]);
  });

  test('lets tests use the testkit, and nobody else', () => {
    const text = "import { startPostgres } from '@lifeguard/testkit';";
    expect(check(pool, { 'src/a.test.ts': text, 'src/testing/b.ts': text })).toEqual([]);
    expect(
      check(pool, { 'src/a.ts': text, 'src/b.ts': "import { b } from './testing/b.ts';" }),
    ).toEqual([
      '@lifeguard/pool src/a.ts:1 imports @lifeguard/testkit, which is not below it',
      '@lifeguard/pool src/b.ts:1 imports ./testing/b.ts, which is for tests',
    ]);
  });

  test('wants a reference for every import of ours, and arrows for every package', () => {
    const monitor = { name: '@lifeguard/monitor', dependencies: { '@lifeguard/pool': '*' } };
    const text = "import { Pool } from '@lifeguard/pool';";
    expect(check(monitor, { 'src/a.ts': text })).toEqual([
      '@lifeguard/monitor src/a.ts:1 imports @lifeguard/pool, to which its tsconfig.json does not refer',
    ]);
    expect(check(monitor, { 'src/a.ts': text }, ['@lifeguard/pool'])).toEqual([]);
    expect(check({ name: '@lifeguard/new' })).toEqual([
      '@lifeguard/new: no arrows are drawn for it; add it to tests/house/arrows.ts',
    ]);
  });
});

describe('findCycles', () => {
  test('finds a circle, and none where only types go round', () => {
    const b = { file: 'src/x/b.ts', text: "export { c } from '../c.ts';" };
    const c = { file: 'src/c.ts', text: "import { a } from './a.ts';" };
    expect(findCycles([{ file: 'src/a.ts', text: "import './x/b.ts';" }, b, c])).toEqual([
      'src/a.ts → src/x/b.ts → src/c.ts → src/a.ts',
    ]);
    const types = { file: 'src/a.ts', text: "import type { B } from './x/b.ts';" };
    expect(findCycles([types, b, c])).toEqual([]);
  });
});

test('importsOf reads every way to name a module', () => {
  const source = `
    import a, { type A } from 'a';
    import type { B } from 'b';
    export type { C } from 'c';
    type D = import('d').D;
    const e = await import('e');
    const f = require('f'), g = require.resolve('g/package.json');
    // import 'comment';
    const text = "import 'text'";`;
  expect(importsOf(source).map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
    ['a', false],
    ['b', true],
    ['c', true],
    ['d', true],
    ['e', false],
    ['f', false],
    ['g/package.json', false],
  ]);
});
