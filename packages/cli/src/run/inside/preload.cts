/**
 * Loaded by `--require`, for `--import` makes Node.js 20 load the application's first file as if it were imported: loaders
 * that stand on `require` (ts-node and the like) would not see it. A Node.js that can't require the rest is left as it is.
 */
const { features } = process as { features: { require_module?: boolean } };
if (features.require_module) require('./reporter.js');
