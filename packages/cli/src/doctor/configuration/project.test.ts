import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readEnvironment } from './env-file.ts';
import { platformOf } from './platform.ts';
import { projectFacts, readerOf } from './project.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeguard-project-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, json: object): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(json));
}

describe('who reads the address', () => {
  test.each([
    [{ '@lifeguard/prisma': '0.1.0', '@prisma/client': '7.10.0' }, 'lifeguard'],
    [{ '@lifeguard/pool': '0.1.0', pg: '8.1.0' }, 'lifeguard'],
    [
      { '@prisma/client': '7.10.0', '@prisma/adapter-pg': '7.10.0', pg: '8.23.1' },
      'prisma-adapter',
    ],
    [{ '@prisma/client': '7.0.0' }, 'prisma-adapter'],
    [{ '@prisma/client': '6.19.0' }, 'prisma-engine'],
    [{ '@prisma/client': '6.19.0', '@prisma/adapter-pg': '6.19.0' }, 'prisma-adapter'],
    [{ pg: '8.23.1' }, 'pg'],
    [{}, 'unknown'],
  ] as const)('%j: %s', (versions, reader) => {
    expect(readerOf(versions)).toBe(reader);
  });
});

test('the version that is installed, in the folder or above it, else the one that is asked for', () => {
  write('package.json', {});
  write('node_modules/@prisma/client/package.json', { version: '7.10.1' });
  write('apps/web/package.json', {
    dependencies: { '@prisma/client': '^7.0.0', pg: '^8.20.0' },
    devDependencies: { typescript: '*' },
  });
  const facts = projectFacts(join(folder, 'apps/web'));
  expect(facts).toMatchObject({
    reader: 'prisma-adapter',
    versions: { '@prisma/client': '7.10.1', pg: '8.20.0' },
  });
});

test('a bound on the wait is looked for in the code, not in what is installed or built', () => {
  const code = 'export const pool = new Pool({ connectionTimeoutMillis: 5_000 });';
  const at = (path: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), code);
  };
  write('package.json', { dependencies: { pg: '^8.0.0' } });
  for (const path of ['node_modules/pg/lib/client.js', 'dist/db.js', '.next/db.js', 'notes.md']) {
    at(path);
  }
  expect(projectFacts(folder).waitBoundIn).toBeUndefined();
  at('apps/web/src/db.ts');
  expect(projectFacts(folder).waitBoundIn).toBe(join('apps', 'web', 'src', 'db.ts'));
  // Lifeguard reads it from the address, too.
  write('package.json', { dependencies: { '@lifeguard/pool': '*' } });
  expect(projectFacts(folder).waitBoundIn).toBeUndefined();
});

test('what is installed and not asked for is somebody else’s', () => {
  write('package.json', { dependencies: {} });
  write('node_modules/pg/package.json', { version: '8.0.0' });
  expect(projectFacts(folder).reader).toBe('unknown');
});

test('no package.json, or one that is none', () => {
  expect(projectFacts(folder).reader).toBe('unknown');
  writeFileSync(join(folder, 'package.json'), '{');
  expect(projectFacts(folder).reader).toBe('unknown');
});

describe('the platform', () => {
  const platform = (env: Record<string, string>) => platformOf(readEnvironment([], env), folder);

  test.each([
    [{ VERCEL: '1' }, 'Vercel'],
    [{ AWS_LAMBDA_FUNCTION_NAME: 'f' }, 'AWS Lambda'],
    [{ NETLIFY: 'true' }, 'Netlify'],
  ])('%j: %s', (env, name) => {
    expect(platform(env)).toMatchObject({
      name,
      sign: expect.stringContaining('in the environment'),
    });
  });

  test('by a file of the project', () => {
    expect(platform({})).toBeUndefined();
    write('vercel.json', {});
    expect(platform({})).toEqual({ name: 'Vercel', sign: 'vercel.json' });
  });
});
