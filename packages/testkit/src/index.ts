export * from './load/index.ts';
export * from './pgbouncer/index.ts';
export * from './postgres/index.ts';
export { AppFolder, type AppRun } from './process/app-folder.ts';
export * from './proxy/index.ts';
export * from './redis/index.ts';
