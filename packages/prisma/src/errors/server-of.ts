import type { Pool } from '@lifeguard/pool';

/** Where a pool connects to, as pg has read its options: `host:port`. */
export function serverOf(pool: Pool): string {
  try {
    const { Client, options } = pool as unknown as {
      readonly Client: new (config: unknown) => { readonly host: string; readonly port: number };
      readonly options: unknown;
    };
    const { host, port } = new Client(options);
    return `${host}:${port}`;
  } catch {
    // Options that can't be used are somebody else's error.
    return 'the configured address';
  }
}
