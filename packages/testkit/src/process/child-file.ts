import { fileURLToPath } from 'node:url';

/**
 * The path of a file of this package for Node.js to run: always the compiled one, also when the caller
 * runs from source, for Node.js 20 can't run TypeScript.
 */
export function compiledFile(callerUrl: string, relativePath: string): string {
  const file = fileURLToPath(new URL(relativePath, callerUrl));
  return file.replace(/([\\/])src([\\/][^\\/]+[\\/][^\\/]+)$/, '$1dist$2');
}

/** Our environment without what is meant for this process: loaders, inspectors, coverage. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...rest } = process.env;
  return rest;
}
