import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, INSTALL_LIMIT_MILLIS } from '@lifeguard/testkit';

/** Prometheus's own checker may have to be installed first. */
export const PROMTOOL_LIMIT_MILLIS = INSTALL_LIMIT_MILLIS + 30_000;

export interface Verdict {
  /** 0: nothing to say; 1: it can't be read; 3: it could be better. */
  readonly status: number;
  /** Line by line. */
  readonly said: readonly string[];
}

/** What Prometheus's `promtool check metrics` says of a text. */
export function checkMetrics(text: string): Promise<Verdict> {
  return promtool(['check', 'metrics'], text);
}

/** What `promtool check rules` says of expressions. */
export async function checkExpressions(expressions: readonly string[]): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-rules-'));
  try {
    const file = join(folder, 'rules.json');
    const rules = expressions.map((expr, i) => ({ record: `panel:${i}`, expr }));
    // YAML reads JSON.
    await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    return await promtool(['check', 'rules', file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function promtool(args: readonly string[], input = ''): Promise<Verdict> {
  const program = await findProgram({
    program: 'promtool',
    package: 'prometheus',
    elsewhere: 'brew install prometheus',
  });
  return new Promise((resolve) => {
    const child = execFile(program, args, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
      resolve({ status: error ? Number(error.code) : 0, said });
    });
    child.stdin?.end(input);
  });
}
