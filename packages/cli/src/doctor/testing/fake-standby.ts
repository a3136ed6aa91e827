import pg from 'pg';

interface Wire {
  on(event: 'copyData', listener: () => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
}

const STATUS_UPDATE = 'r'.charCodeAt(0);

/**
 * A standby that says it has written everything and replayed nothing since a position: what a server sees of
 * one that is behind. (PostgreSQL's documentation, "Streaming Replication Protocol".)
 */
export async function startFakeStandby(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    replication: 'true',
  } as pg.ClientConfig);
  client.on('error', () => {});
  await client.connect();
  const [{ xlogpos } = { xlogpos: '0/0' }] = (await client.query('IDENTIFY_SYSTEM')).rows;
  const wire = (client as unknown as { connection: Wire }).connection;
  // It answers by a stream that has no end.
  client.query(`START_REPLICATION PHYSICAL ${xlogpos}`).catch(() => {});
  const start = positionOf(xlogpos);
  wire.on('copyData', () => wire.sendCopyFromChunk(statusUpdate(start + 0x1000_0000n, start)));
  return client;
}

function positionOf(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

function statusUpdate(written: bigint, applied: bigint): Buffer {
  const update = Buffer.alloc(34);
  update.writeUInt8(STATUS_UPDATE, 0);
  update.writeBigUInt64BE(written, 1);
  update.writeBigUInt64BE(written, 9);
  update.writeBigUInt64BE(applied, 17);
  // Microseconds since 2000; a server does not check it.
  update.writeBigInt64BE(0n, 25);
  return update;
}
