export * from './browser/index.ts';
export { type DebianProgram, findProgram, INSTALL_LIMIT_MILLIS } from './debian/find-program.ts';
export * from './load/index.ts';
export { findFreePort } from './net/free-port.ts';
export * from './pgbouncer/index.ts';
export * from './postgres/index.ts';
export { AppFolder, type AppRun } from './process/app-folder.ts';
export * from './proxy/index.ts';
export * from './redis/index.ts';
