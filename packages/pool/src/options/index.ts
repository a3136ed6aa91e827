export { clientConfig } from './client-config.ts';
export { describeOptions } from './describe.ts';
export { OptionsError } from './errors.ts';
export { optionsTable } from './options-table.ts';
export { guardSecrets, redactUrl } from './redact.ts';
export { resolveOptions } from './resolve.ts';
export type {
  OptionName,
  OptionWarning,
  Origin,
  PoolConfig,
  PoolOptions,
  ResolvedOptions,
} from './types.ts';
