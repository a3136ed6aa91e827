export * from './load/index.ts';
export * from './postgres/index.ts';
export * from './proxy/index.ts';
