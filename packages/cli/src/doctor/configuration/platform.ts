import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './env-file.ts';
import type { Platform } from './facts.ts';

/** Variables that a serverless platform sets in every function, or that its tools write into a .env file. */
const VARIABLES: readonly (readonly [variable: string, platform: string])[] = [
  ['VERCEL', 'Vercel'],
  ['AWS_LAMBDA_FUNCTION_NAME', 'AWS Lambda'],
  ['LAMBDA_TASK_ROOT', 'AWS Lambda'],
  ['NETLIFY', 'Netlify'],
  ['FUNCTIONS_WORKER_RUNTIME', 'Azure Functions'],
  ['K_SERVICE', 'Google Cloud Run'],
  ['FUNCTION_TARGET', 'Google Cloud Functions'],
];

/** Files that only a project for such a platform has. */
const FILES: readonly (readonly [file: string, platform: string])[] = [
  ['vercel.json', 'Vercel'],
  ['.vercel/project.json', 'Vercel'],
  ['serverless.yml', 'AWS Lambda'],
  ['serverless.yaml', 'AWS Lambda'],
  ['template.yaml', 'AWS Lambda'],
  ['sst.config.ts', 'AWS Lambda'],
  ['netlify.toml', 'Netlify'],
];

/** The serverless platform that an application runs on, by its environment and its project's files. */
export function platformOf({ env, fileOf }: Environment, folder: string): Platform | undefined {
  for (const [variable, name] of VARIABLES) {
    if (!env[variable]) continue;
    return { name, sign: `${variable} in ${fileOf(variable) ?? 'the environment'}` };
  }
  for (const [file, name] of FILES) {
    if (existsSync(join(folder, file))) return { name, sign: file };
  }
  return undefined;
}
