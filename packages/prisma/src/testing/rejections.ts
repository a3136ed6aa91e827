import { afterAll, beforeAll } from 'vitest';

/** The rejections that nobody handles while a file's tests run, as they come. */
export function unhandledRejections(): readonly unknown[] {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));
  return rejections;
}
