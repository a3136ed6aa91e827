import type { Setup, Values } from './cases/case.ts';

/** To a child process: what it is to measure. */
export interface Assignment {
  readonly caseName: string;
  readonly peer: string;
  readonly setup: Setup;
}

/** From it. */
export type Report = { readonly values: Values } | { readonly error: string };
