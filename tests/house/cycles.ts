import { posix } from 'node:path';
import type { SourceFile } from './arrows.ts';
import { importsOf } from './imports.ts';

/** Circles among files that load each other, each as `a.ts → b.ts → a.ts`. Types load nothing. */
export function findCycles(sources: readonly SourceFile[]): string[] {
  const graph = new Map(
    sources.map(({ file, text }) => [
      file,
      importsOf(text, file)
        .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
        .map(({ specifier }) => posix.join(posix.dirname(file), specifier)),
    ]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const since = path.indexOf(file);
    if (since >= 0) {
      cycles.push([...path.slice(since), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}
