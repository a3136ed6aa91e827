import { createRequire } from 'node:module';

/** The version that Prisma's own errors name. */
export const clientVersion: string = (() => {
  try {
    const { version } = createRequire(import.meta.url)('@prisma/client/package.json');
    return version as string;
  } catch {
    // Bundled into one file: the number is not worth more than the error it stands on.
    return 'unknown';
  }
})();
