import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { fencesOf } from './markdown.ts';
import { read, root } from './repository.ts';

/** One piece of TypeScript in a Markdown file. */
export interface Snippet {
  /** Relative to the root. */
  readonly file: string;
  /** In that file, of its first line of code. */
  readonly line: number;
  readonly code: string;
  /** Marked `ts run`: it is a whole program. */
  readonly runs: boolean;
}

export function snippetsOf(file: string, markdown: string): Snippet[] {
  return fencesOf(markdown)
    .fences.filter(({ info }) => /^(ts|typescript)(\s|$)/.test(info))
    .map(({ info, line, code }) => ({ file, line, code, runs: /\srun(\s|$)/.test(info) }));
}

/** Names that a snippet may take as given, since every reader knows what they stand for. */
const GIVEN = `
declare global {
  const prisma: import('./generated/client').PrismaClient;
  const db: import('@lifeguard/prisma').Lifeguard;
  const logger: Record<'info' | 'warn' | 'error', (details: object | string, text?: string) => void>;
  function busy(): Response;
  function startMyApp(options: { databaseUrl: string }): Promise<{ origin: string }>;
}
export {};
`;

/** The client that readers generate for themselves: here it is the storefront's. */
const GENERATED = /(['"])\.{1,2}\/generated\/(?:prisma\/)?client(?:\.[jt]s)?\1/g;

/** Snippets as a program of TypeScript, in a folder of their own inside the repository. */
export class SnippetProgram {
  readonly #folder: string;
  readonly #files = new Map<string, Snippet>();
  readonly #program: ts.Program;

  constructor(snippets: readonly Snippet[]) {
    const cache = join(root, '.cache');
    mkdirSync(cache, { recursive: true });
    // Inside the repository, so that its packages are found from there.
    this.#folder = mkdtempSync(join(cache, 'snippets-'));
    for (const [index, snippet] of snippets.entries()) {
      this.#files.set(this.#write(`${index}.ts`, snippet.code), snippet);
    }
    const given = this.#write('given.d.ts', GIVEN);
    this.#program = ts.createProgram([...this.#files.keys(), given], compilerOptions());
  }

  /** What TypeScript has to say, each with the place in the Markdown file. */
  errors(): string[] {
    return ts.getPreEmitDiagnostics(this.#program).map((diagnostic) => {
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
      const { file, start = 0 } = diagnostic;
      const snippet = file && this.#files.get(file.fileName);
      if (!snippet) return `${file ? basename(file.fileName) : 'TypeScript'}: ${message}`;
      const { line } = file.getLineAndCharacterOfPosition(start);
      return `${snippet.file}:${snippet.line + line}: ${message}`;
    });
  }

  /** Compiles a snippet and returns the file to run. */
  emit(snippet: Snippet): string {
    const [file] = [...this.#files].find(([, one]) => one === snippet) ?? [];
    if (!file) throw new Error('not a snippet of this program');
    this.#program.emit(this.#program.getSourceFile(file));
    return file.replace(/\.ts$/, '.js');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(name: string, code: string): string {
    const client = '$1../../examples/storefront/dist/generated/client.js$1';
    const file = join(this.#folder, name).replaceAll('\\', '/');
    writeFileSync(file, code.replace(GENERATED, client));
    return file;
  }
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.parseConfigFileTextToJson('tsconfig.base.json', read('tsconfig.base.json'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return {
    ...options,
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    incremental: false,
    // A snippet shows how a thing is made, and often stops there.
    noUnusedLocals: false,
    noUnusedParameters: false,
    moduleDetection: ts.ModuleDetectionKind.Force,
    typeRoots: [join(root, 'node_modules/@types')],
  };
}
