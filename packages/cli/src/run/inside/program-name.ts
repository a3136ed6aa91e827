import { basename, isAbsolute, relative } from 'node:path';

/** The script as its reader knows it: from where the command was started, or its last name. */
export function nameOfProgram(script: string | undefined, folder: string): string {
  if (!script) return 'node';
  const path = relative(folder, script).replaceAll('\\', '/');
  const isElsewhere = path.startsWith('..') || isAbsolute(path) || path.includes('node_modules/');
  return path === '' || isElsewhere ? basename(script) : path;
}
