import { importsOf, packageOf } from './imports.ts';
import type { Manifest } from './repository.ts';

/** Which of our packages each of them may stand on. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  '@lifeguard/pool': [],
  '@lifeguard/guard': [],
  '@lifeguard/monitor': ['@lifeguard/pool', '@lifeguard/guard'],
  // Built into the monitor, as a file: the types of what it shows are all that it takes from there.
  '@lifeguard/dashboard': ['@lifeguard/monitor'],
  '@lifeguard/prisma': ['@lifeguard/pool', '@lifeguard/guard', '@lifeguard/monitor'],
  '@lifeguard/testkit': [],
  '@lifeguard/storefront': ['@lifeguard/pool', '@lifeguard/guard', '@lifeguard/prisma'],
  lifeguard: [
    '@lifeguard/pool',
    '@lifeguard/guard',
    '@lifeguard/monitor',
    '@lifeguard/storefront',
    // Built into it, as a script and a style: the types of what the report's page shows are all that it takes.
    '@lifeguard/dashboard',
    '@lifeguard/testkit',
  ],
};

/** Which of its arrows a package may follow for types alone. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = {
  '@lifeguard/dashboard': ['@lifeguard/monitor'],
  lifeguard: ['@lifeguard/dashboard'],
};

/** Never on the registry: what is published must not need them. */
const UNPUBLISHED = ['@lifeguard/dashboard', '@lifeguard/storefront', '@lifeguard/testkit'];

/** What a published package does in a clone only, and there with its devDependencies. */
const IN_A_CLONE: Readonly<Record<string, string>> = { lifeguard: 'src/demo/' };

/** Besides those, what tests may use. */
const FOR_TESTS = ['@lifeguard/testkit'];

export interface SourceFile {
  /** Relative to the package, such as `src/index.ts`. */
  readonly file: string;
  readonly text: string;
}

/** One package as the checker sees it. */
export interface Package {
  readonly manifest: Manifest;
  /** Names of the packages that its tsconfig.json refers to. */
  readonly references: readonly string[];
  readonly sources: readonly SourceFile[];
}

export function isTestCode(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || file.includes('/testing/');
}

/** What breaks the rules, one line each. `rootTools` are the root's devDependencies, for tests. */
export function findViolations(one: Package, rootTools: readonly string[] = []): string[] {
  const { name } = one.manifest;
  const arrows = ARROWS[name];
  if (!arrows) return [`${name}: no arrows are drawn for it; add it to tests/house/arrows.ts`];
  return [
    ...wrongManifest(one, arrows),
    ...one.sources.flatMap((source) => wrongImports(one, arrows, source, rootTools)),
  ];
}

function isOurs(name: string): boolean {
  return name in ARROWS || name.startsWith('@lifeguard/');
}

function wrongManifest({ manifest, references }: Package, arrows: readonly string[]): string[] {
  const { name } = manifest;
  const forbidden = (where: string, names: readonly string[], allowed: readonly string[]) =>
    names
      .filter((other) => isOurs(other) && !allowed.includes(other))
      .map((other) => `${name}: ${where} names ${other}, which is not below it`);
  return [
    ...forbidden('dependencies', Object.keys(manifest.dependencies ?? {}), arrows),
    ...forbidden('peerDependencies', Object.keys(manifest.peerDependencies ?? {}), arrows),
    ...forbidden('devDependencies', Object.keys(manifest.devDependencies ?? {}), [
      ...arrows,
      ...FOR_TESTS,
    ]),
    ...forbidden('tsconfig.json', references, arrows),
    ...(manifest.private ? [] : needed(manifest))
      .filter((other) => UNPUBLISHED.includes(other))
      .map((other) => `${name}: is published and needs ${other}, which is not`),
  ];
}

function needed({ dependencies, peerDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies });
}

function wrongImports(
  { manifest, references }: Package,
  arrows: readonly string[],
  { file, text }: SourceFile,
  rootTools: readonly string[],
): string[] {
  const { name } = manifest;
  const forTests = isTestCode(file);
  const mayImport = forTests ? [...arrows, ...FOR_TESTS] : arrows;
  const inAClone = IN_A_CLONE[name] !== undefined && file.startsWith(IN_A_CLONE[name]);
  const forDevelopment = Object.keys(manifest.devDependencies ?? {});
  const declared = new Set([
    ...needed(manifest),
    ...(forTests || inAClone ? forDevelopment : []),
    ...(forTests ? rootTools : []),
  ]);
  const builtIn = (other: string) =>
    forDevelopment.includes(other) && TYPES_ONLY[name]?.includes(other);
  const violations: string[] = [];
  for (const { specifier, line, typeOnly } of importsOf(text, file)) {
    const at = `${name} ${file}:${line}`;
    if (!forTests && specifier.startsWith('.') && isTestCode(specifier)) {
      violations.push(`${at} imports ${specifier}, which is for tests`);
    }
    const other = packageOf(specifier);
    if (other === undefined || other === name) continue;
    if (isOurs(other) && !mayImport.includes(other)) {
      violations.push(`${at} imports ${other}, which is not below it`);
    } else if (!declared.has(other) && !builtIn(other)) {
      violations.push(`${at} imports ${other}, which its package.json does not declare`);
    } else if (isOurs(other) && !forTests && !references.includes(other)) {
      violations.push(`${at} imports ${other}, to which its tsconfig.json does not refer`);
    } else if (!forTests && !typeOnly && TYPES_ONLY[name]?.includes(other)) {
      violations.push(`${at} imports ${other}, of which it may take types only`);
    }
  }
  return violations;
}
