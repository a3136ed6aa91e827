import ts from 'typescript';

export interface Import {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  /** Leaves nothing behind in JavaScript: `import type`, `export type … from`, `import('x')` as a type. */
  readonly typeOnly: boolean;
}

/** Every module that a source names: imports, re-exports, `import()`, `require()` and import types. */
export function importsOf(source: string, fileName = 'source.ts'): Import[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const note = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const { line } = file.getLineAndCharacterOfPosition(specifier.getStart(file));
    found.push({ specifier: specifier.text, line: line + 1, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      note(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      note(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      note(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && loadsModule(node.expression)) {
      note(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function loadsModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  const called =
    ts.isPropertyAccessExpression(callee) && callee.name.text === 'resolve'
      ? callee.expression
      : callee;
  return ts.isIdentifier(called) && called.text === 'require';
}

/** `@scope/name` of `@scope/name/file`; undefined for relative files and for Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
