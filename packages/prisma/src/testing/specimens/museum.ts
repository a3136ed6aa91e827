import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { type Lifeguard, type LifeguardOptions, lifeguard } from '../../lifeguard.ts';
import { Prisma, PrismaClient } from './generated/client.ts';

const TABLES = `
  CREATE SCHEMA museum;
  SET search_path TO museum;
  CREATE TYPE "moods of $1" AS ENUM ('calm', 'so wild, "really"', 'GLOOMY');
  CREATE TABLE cabinets (id serial PRIMARY KEY, name text NOT NULL);
  CREATE TABLE "all specimens" (
    "specimen id" serial PRIMARY KEY, cabinet_id int REFERENCES cabinets,
    text text, varchar varchar(40), char char(8), uuid uuid, inet inet, bits bit(4), boolean boolean,
    "$2" int, smallint smallint, bigint bigint, float double precision, real real,
    decimal numeric, money money,
    timestamp timestamp(3), timestamptz timestamptz(6), date date, time time(3), timetz timetz(3),
    json json, jsonb jsonb, bytes bytea, "the mood" "moods of $1",
    texts text[], ints int[], bigints bigint[], decimals numeric[], dates date[],
    moods "moods of $1"[], jsons jsonb[], blobs bytea[]
  );
  INSERT INTO cabinets (name) VALUES ('north'), ('south'), ('empty')`;

const MOODS = ['CALM', 'WILD', 'GLOOMY'] as const;
const TEXTS = ['', 'a', 'A', 'ab%c', 'a_b\\', 'é "q" \'s\' $1', '{x,y}', 'NULL'];
const DATES = ['2024-02-29T10:20:30.456Z', '1970-01-01T00:00:00.000Z', '2031-12-31T23:59:59.999Z'];

/**
 * Row `n` of many that have every type of value in them, few different ones of each, and nulls in between.
 * The same n gives the same row.
 */
export function specimen(n: number): Prisma.SpecimenCreateManyInput {
  const pick = <T>(salt: number, ...values: T[]): T => {
    // Some digits of a multiple of a prime: as good as random here.
    const hash = Math.imul(n * 31 + salt, 2654435761) >>> 16;
    return values[hash % values.length] as T;
  };
  const decimals = ['0', '1.50', '-7.25', '123456789012345678.000000001'];
  return {
    cabinetId: pick(1, 1, 2, null),
    text: pick(2, null, ...TEXTS),
    varchar: pick(3, null, ...TEXTS),
    char: pick(4, null, 'x', 'x  y', 'wholeten'),
    uuid: pick(
      5,
      null,
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '00000000-0000-4000-8000-000000000000',
    ),
    inet: pick(6, null, '10.1.2.3', '10.0.0.0/8', '::1'),
    bits: pick(7, null, '1010', '0000'),
    boolean: pick(8, null, true, false),
    int: pick(9, null, 0, -1, 2_147_483_647, 7),
    smallint: pick(10, null, 0, 7, -32_768),
    bigint: pick(11, null, 0n, 9_007_199_254_740_993n, -5n),
    float: pick(12, null, 0, 0.1, -1.5e300),
    real: pick(13, null, 0, 0.5, 0.1),
    decimal: pick(14, null, ...decimals),
    money: pick(15, null, '0', '12.34'),
    timestamp: pick(16, null, ...DATES),
    timestamptz: pick(17, null, ...DATES),
    date: pick(18, null, ...DATES),
    time: pick(19, null, ...DATES),
    timetz: pick(20, null, ...DATES),
    json: pick<Prisma.InputJsonValue>(21, { a: [1, null, 'x'] }, 'text', 5),
    jsonb: pick<Prisma.InputJsonValue | Prisma.NullableJsonNullValueInput>(
      22,
      Prisma.DbNull,
      Prisma.JsonNull,
      { b: { c: 1.5 } },
      [],
    ),
    bytes: pick(23, null, new Uint8Array(), new Uint8Array([0, 255, 34, 92])),
    mood: pick(24, null, ...MOODS),
    texts: pick(25, [], TEXTS, ['a', 'a']),
    ints: pick(26, [], [1, 2], [-1]),
    bigints: pick(27, [], [9_007_199_254_740_993n]),
    decimals: pick(28, [], decimals),
    dates: pick(29, [], DATES),
    moods: pick(30, [], [...MOODS], ['WILD']),
    jsons: pick(31, [], [{ a: 1 }, 'x']),
    blobs: pick(32, [], [new Uint8Array([1, 2, 34])]),
  };
}

/** A database with a table that has every type of column, and clients on it that are closed with it. */
export interface Museum {
  readonly server: PostgresServer;
  open(options?: LifeguardOptions): { db: Lifeguard; prisma: ReturnType<typeof extend> };
  close(): Promise<void>;
}

function extend(db: Lifeguard) {
  return new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
}

export async function openMuseum(specimens: number): Promise<Museum> {
  const server = await startPostgres();
  const sql = new pg.Client({ connectionString: server.url() });
  await sql.connect();
  await sql.query(TABLES);
  await sql.end();
  const opened: Lifeguard[] = [];
  const museum: Museum = {
    server,
    open(options = {}) {
      const db = lifeguard({ url: server.url(), signals: false, ...options });
      opened.push(db);
      return { db, prisma: extend(db) };
    },
    async close() {
      await Promise.all(opened.map((db) => db.shutdown({ timeout: 1_000 })));
      await server.stop('immediate');
    },
  };
  const { prisma } = museum.open();
  await prisma.specimen.createMany({
    data: Array.from({ length: specimens }, (_, n) => specimen(n)),
  });
  return museum;
}
