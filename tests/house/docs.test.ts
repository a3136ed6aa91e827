import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { optionsTable } from '@lifeguard/pool';
import { createSchema } from '@lifeguard/storefront';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { between, relativeLinks, tableCells } from './markdown.ts';
import { optionMeanings } from './option-meanings.ts';
import { committedFiles, read, readManifest, root } from './repository.ts';
import { type Snippet, SnippetProgram, snippetsOf } from './snippets.ts';

/** A snippet that is run takes no longer; one that does not end by itself is a snippet's defect. */
const RUN_MILLIS = 20_000;
const COMPILE_MILLIS = 60_000;

const documents = committedFiles().filter((file) => file.endsWith('.md'));
const snippets = documents
  .filter((file) => /^(README|ARCHITECTURE|(packages|examples)\/[^/]+\/README)\.md$/.test(file))
  .flatMap((file) => snippetsOf(file, read(file)));

const place = ({ file, line }: Snippet) => `${file}:${line}`;

describe('the snippets', () => {
  let program: SnippetProgram;
  let server: PostgresServer;

  beforeAll(async () => {
    program = new SnippetProgram(snippets);
    server = await startPostgres();
    const client = new pg.Client(server.url());
    await client.connect();
    await createSchema(client);
    await client.end();
  });
  afterAll(async () => {
    program.remove();
    await server.stop('immediate');
  });

  test('are there', () => {
    expect(snippets.length).toBeGreaterThan(0);
    expect(snippets.filter(({ runs }) => runs).length).toBeGreaterThan(0);
  });

  test('have right types', { timeout: COMPILE_MILLIS }, () => {
    expect(program.errors()).toEqual([]);
  });

  test.each(
    snippets.filter(({ runs }) => runs).map((snippet) => [place(snippet), snippet] as const),
  )('%s runs', { timeout: RUN_MILLIS + COMPILE_MILLIS }, async (_, snippet) => {
    const env = { ...process.env, DATABASE_URL: server.url() };
    // Rejects on any exit code but 0, with what the program wrote.
    await promisify(execFile)(process.execPath, [program.emit(snippet)], {
      env,
      timeout: RUN_MILLIS,
      killSignal: 'SIGKILL',
    });
  });

  test('with a wrong type would be found, at their line', { timeout: COMPILE_MILLIS }, () => {
    const markdown = '# Title\n\n```ts\nconst one = 1;\nconst two: string = one;\n```\n';
    const wrong = new SnippetProgram(snippetsOf('WRONG.md', markdown));
    const errors = wrong.errors();
    wrong.remove();
    expect(errors).toEqual(["WRONG.md:5: Type 'number' is not assignable to type 'string'."]);
  });
});

describe('the documents', () => {
  test.each(documents)('%s links only to files that exist', (file) => {
    const missing = relativeLinks(read(file)).filter(
      (target) => !existsSync(join(root, dirname(file), target)),
    );
    expect(missing).toEqual([]);
  });

  test.each(documents)('%s names only commands that exist', (file) => {
    const scripts = Object.keys(readManifest('package.json').scripts ?? {});
    const named = [...read(file).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script);
    expect(named.filter((script) => !scripts.includes(script ?? ''))).toEqual([]);
  });

  const optionCells = tableCells(between(read('packages/pool/README.md'), 'options') ?? '');

  test('the table of options is the one that the pool makes of its code', () => {
    const shown = optionCells.map((cells) => cells.slice(1));
    expect(shown).toEqual(tableCells(optionsTable()));
  });

  test('the table of options says of each what its documentation in the code says', () => {
    const meanings = optionMeanings(read('packages/pool/src/options/types.ts'), 'PoolOptions');
    const [, , ...rows] = optionCells;
    const shown = rows.map(([means, , , code]) => [/`(\w+)`/.exec(code ?? '')?.[1], means]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(meanings));
  });
});

test('relativeLinks leaves out other sites, anchors and code', () => {
  const markdown = [
    '[a](a.md#part) ![b](<b c.png> "title") [c](https://example.org/) [d](#d) `[e](e.md)`',
    '```',
    '[f](f.md)',
    '```',
    '[g]: ../g.md',
  ].join('\n');
  expect(relativeLinks(markdown)).toEqual(['a.md', '../g.md']);
});
