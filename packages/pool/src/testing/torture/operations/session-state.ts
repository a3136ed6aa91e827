import type pg from 'pg';
import { expectRows, type Operation, onCheckout } from '../operation.ts';
import { expectCleanSession } from '../session.ts';

/**
 * What sets state of a session, and would change what the next caller's statements mean: most of it
 * makes them fail, or write into a table of the same name that is gone with the session.
 */
const STATE: Readonly<Record<string, (id: number) => string>> = {
  'a search path': () => 'SET search_path = nowhere',
  'a search path by function': () => `SELECT set_config('search_path', 'nowhere', false)`,
  'read-only by default': () => 'SET default_transaction_read_only = on',
  'read-only for the session': () => 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
  'a statement limit': () => `SET statement_timeout = '2min'`,
  'a role': () => 'SET ROLE stranger',
  'a time zone': () => `SET TIME ZONE 'Asia/Kathmandu'`,
  'a setting of its own': (id) => `SET lifeguard.torture = '${id}'`,
  'a setting of its own by function': (id) =>
    `SELECT set_config('lifeguard.torture', '${id}', false)`,
  'an advisory lock': (id) => `SELECT pg_advisory_lock(${id})`,
  'a channel listened to': (id) => `LISTEN channel_${id}`,
  'a temporary table': () => 'CREATE TEMP TABLE ledger (id int)',
  'a temporary table of a query': () => 'SELECT 1 AS id INTO TEMP ledger',
  'a prepared statement': (id) => `PREPARE left_${id} AS SELECT ${id} AS id`,
  'a cursor': (id) => `DECLARE left_${id} CURSOR WITH HOLD FOR SELECT ${id} AS id`,
};

/** Before it sets the state, its holder has a session without any. */
async function setUp(client: pg.PoolClient, id: number, text: string): Promise<void> {
  await expectCleanSession(client);
  await client.query(text);
  expectRows(await client.query('SELECT $1::int AS id', [id]), [{ id }]);
}

const WAYS: Readonly<Record<string, (text: string) => Operation['run']>> = {
  'left on a checkout': (text) => (desk, id) => {
    return onCheckout(desk, (client) => setUp(client, id, text));
  },
  'committed on a checkout': (text) => (desk, id) => {
    return onCheckout(desk, async (client) => {
      await client.query('BEGIN');
      await setUp(client, id, text);
      await client.query('COMMIT');
    });
  },
  'left by pool.query': (text) => async (desk) => {
    await desk.pool.query(text);
  },
};

/** Each kind of state in each way. */
export const SESSION_STATE: readonly Operation[] = Object.entries(STATE).flatMap(
  ([state, textOf]) =>
    Object.entries(WAYS).map(([way, runWith]) => ({
      name: `${state} ${way}`,
      weight: 0.15,
      run: (desk, id) => runWith(textOf(id))(desk, id),
    })),
);
