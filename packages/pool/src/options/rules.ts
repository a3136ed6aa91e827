import { type Choice, describeGiven, type Places } from './choose.ts';
import { OptionsError } from './errors.ts';
import type { OptionName, OptionWarning, PoolOptions } from './types.ts';

export type Choices = { [Name in OptionName]: Choice<PoolOptions[Name]> };
type Warn = (warning: OptionWarning) => void;

function where({ origin }: Choice<unknown>, places: Places): string {
  return origin.from === 'default' ? 'by default' : places[origin.from].label;
}

/** More connections kept than allowed is a mix-up of the two, which pg-pool would pass over. */
export function checkBounds({ min, max }: Choices, places: Places): void {
  if (min.value <= max.value) return;
  const place = min.origin.from === 'default' ? places.code : places[min.origin.from];
  const given = describeGiven(min.origin.name, min.value, place);
  throw new OptionsError(
    min.origin.name,
    `${given} is more than the most connections, ${max.value} ${where(max, places)}: lower it or raise ${max.origin.name}`,
  );
}

/** Whether to prepare statements at all follows from three names and the pooler. */
export function settlePrepare({ prepare, prepareCacheSize, pooler }: Choices, warn: Warn): void {
  if (prepareCacheSize.value === 0) {
    if (prepareCacheSize.origin.from === 'code') {
      if (prepare.origin.from === 'code' && prepare.value) {
        const message =
          'prepareCacheSize: 0 in code disagrees with prepare, and turns it off; remove one of them';
        warn({ parameter: 'prepareCacheSize', message });
      }
      prepare.value = false;
      prepare.origin = prepareCacheSize.origin;
    }
    // Off is said by `prepare`; a size of 0 beside `prepare: true` from a higher place means nothing.
    prepareCacheSize.value = 100;
    prepareCacheSize.origin = { from: 'default', name: 'prepareCacheSize' };
  }
  // A name prepared on one server connection is unknown on the next that the pooler lends.
  if (pooler.value === 'pgbouncer' && prepare.origin.from === 'default') {
    prepare.value = false;
    prepare.origin = pooler.origin;
  }
}

/** Without a shared lane each who waits needs a connection of their own: one login would serve one. */
export function settleConcurrency({ connectConcurrency, multiplex, max }: Choices): void {
  if (multiplex.value || connectConcurrency.origin.from !== 'default') return;
  connectConcurrency.value = max.value;
  connectConcurrency.origin = multiplex.origin;
}

/** PgBouncer refuses every connection whose login carries a parameter that it does not track. */
const REFUSED_BY_PGBOUNCER = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'options',
] as const;

/** Keeps our own login parameters from PgBouncer, and warns about those which the user asked for. */
export function settlePooler(
  { pooler, statementTimeoutMillis }: Choices,
  places: Places,
  warn: Warn,
): void {
  if (pooler.value !== 'pgbouncer') return;
  const { name } = statementTimeoutMillis.origin;
  if (statementTimeoutMillis.value > 0 && name !== 'statement_timeout') {
    const message = `${name} cannot be set through PgBouncer and is dropped; use ALTER ROLE … SET statement_timeout`;
    warn({ parameter: name, message });
    statementTimeoutMillis.value = 0;
    statementTimeoutMillis.origin = pooler.origin;
  }
  for (const parameter of REFUSED_BY_PGBOUNCER) {
    if (parameter === 'statement_timeout' && statementTimeoutMillis.value === 0) continue;
    const given = [places.code, places.url].find((place) => place.get(parameter));
    if (given === undefined) continue;
    const message = `${parameter} ${given.label} makes PgBouncer refuse the connection, unless its ignore_startup_parameters names it; use ALTER ROLE … SET instead`;
    warn({ parameter, message });
  }
}
