// Builds the dashboard's pages, each into one HTML file with all that it needs, and writes them where
// @lifeguard/monitor serves them from; and the script and style of the load's report, for the command line.
// Skips what has not changed. Needs no network.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from './run.mjs';

const folder = join(root, 'packages/dashboard');

/** What is built for whom. */
const builds = [
  {
    output: join(root, 'packages/monitor/src/generated/pages.ts'),
    pages: [
      { name: 'dashboardPage', entry: 'src/main.tsx', title: 'Lifeguard' },
      { name: 'signInPage', entry: 'src/sign-in/main.tsx', title: 'Lifeguard: sign in' },
    ],
    members: ['html', 'contentSecurityPolicy'],
    make: assemble,
  },
  {
    // A load's report is written anew each time: here is what all of them have.
    output: join(root, 'packages/cli/src/generated/load-page.ts'),
    pages: [{ name: 'loadPage', entry: 'src/load-report/main.ts' }],
    members: ['script', 'style'],
    make: (_, { script, style }) => ({ script: inScript(script), style }),
  },
];
const stamp = stampOf();

for (const one of builds) await buildPages(one);

async function buildPages({ output, pages, members, make }) {
  if (existsSync(output) && readFileSync(output, 'utf8').includes(stamp)) return;
  const { build } = await import(createRequire(join(folder, 'package.json')).resolve('vite'));
  const built = [];
  for (const page of pages) {
    built.push({ name: page.name, page: make(page, await bundle(build, page)) });
  }
  mkdirSync(join(output, '..'), { recursive: true });
  writeFileSync(output, moduleOf(members, built));
  const size = built.reduce((sum, { page }) => sum + gzipSync(page[members[0]]).length, 0);
  const names = pages.map(({ name }) => name).join(', ');
  console.log(`Built ${names} (${(size / 1024).toFixed(0)} KB compressed).`);
}

/** Of everything that goes into the pages. */
function stampOf() {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of ['vite', 'preact', 'uplot']) {
    hash.update(readFileSync(join(root, 'node_modules', name, 'package.json')));
  }
  const files = readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.name.includes('.test.'))
    .map((file) => join(file.parentPath, file.name))
    .sort();
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

/** One script and one stylesheet. */
async function bundle(build, { entry }) {
  const { output: files } = await build({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      // What came out by 2023: nothing has to be lowered for it.
      target: ['chrome111', 'firefox113', 'safari16.4'],
      cssMinify: 'lightningcss',
      modulePreload: false,
      assetsInlineLimit: () => true,
      rollupOptions: { input: join(folder, entry) },
    },
  });
  const code = files.filter(({ type }) => type === 'chunk').map((chunk) => chunk.code);
  const css = files.filter(({ fileName }) => fileName.endsWith('.css')).map((one) => one.source);
  if (code.length !== 1 || files.length !== code.length + css.length) {
    throw new Error(`${entry} became ${files.map(({ fileName }) => fileName).join(', ')}`);
  }
  return { script: code[0].trim(), style: css.join('').trim() };
}

/** The policy names what the page holds by its hash: nothing else runs, whatever gets into it. */
function assemble({ title }, { script, style }) {
  const code = inScript(script);
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<title>${title}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon())}">`,
    `<style>${style}</style>`,
    '<body></body>',
    `<script type="module">${code}</script>`,
    '</html>',
  ].join('\n');
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src '${sourceHash(code)}'`,
    `style-src '${sourceHash(style)}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return { html, contentSecurityPolicy };
}

function inScript(code) {
  return code.replaceAll('</script', '<\\/script');
}

function icon() {
  return readFileSync(join(folder, 'src/icon.svg'), 'utf8').trim();
}

function sourceHash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function moduleOf(members, built) {
  const exported = built.map(
    ({ name, page }) => `export const ${name}: BuiltPage = ${JSON.stringify(page)};\n`,
  );
  return [
    '// Made by scripts/page.mjs from packages/dashboard.',
    `// ${stamp}`,
    'export interface BuiltPage {',
    ...members.map((member) => `  readonly ${member}: string;`),
    '}',
    ...exported,
  ].join('\n');
}
