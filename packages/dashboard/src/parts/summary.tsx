import { occupancyOf } from '../model/occupancy.ts';
import type { Verdict } from '../model/verdict.ts';
import { whole } from '../model/words.ts';
import type { PoolSnapshot } from '../wire.ts';
import { ActionButton } from './action.tsx';
import { Breaker } from './breaker.tsx';
import { StatusIcon } from './icons.tsx';

/** From so many connections on, a cell for each would be too narrow to see. */
const MOST_CELLS = 120;
/** In one row. */
const ROW_CELLS = 32;

/** How the pool is, from afar. */
export function Summary({
  pool,
  verdict,
  now,
  mayReset,
  asOf,
}: {
  pool: PoolSnapshot;
  verdict: Verdict;
  /** Of the snapshot. */
  now: Date;
  mayReset: boolean;
  /** When it was so, where that may be over. */
  asOf: string | undefined;
}) {
  return (
    <section
      class="summary"
      data-status={verdict.status}
      data-stale={asOf !== undefined || undefined}
      aria-labelledby="verdict"
    >
      <div class="verdict">
        <StatusIcon status={verdict.status} size={34} />
        <div>
          {asOf && <p class="as-of">As of {asOf}</p>}
          <h1 id="verdict">{verdict.headline}</h1>
          <p>{verdict.detail}</p>
        </div>
      </div>
      <div>
        <Lanes pool={pool} />
        {pool.breaker && <Breaker breaker={pool.breaker} now={now} />}
        {mayReset && (
          <ActionButton
            label="Reset pool"
            question={`Replace all connections of ${pool.name}?`}
            deed={`Reset ${pool.name}`}
            query={{ action: 'reset', pool: pool.name, confirm: pool.name }}
          >
            Each is replaced as soon as it has nothing to do. No caller is failed by it.
          </ActionButton>
        )}
      </div>
    </section>
  );
}

/** A cell for each connection that the pool may open. */
function Lanes({ pool }: { pool: PoolSnapshot }) {
  const places = occupancyOf(pool);
  const { max } = pool.connections;
  const rows = Math.ceil(max / ROW_CELLS);
  return (
    <div class="lanes">
      <div
        class="cells"
        aria-hidden="true"
        data-many={max > MOST_CELLS || undefined}
        data-rows={rows > 1 || undefined}
        style={{ gridTemplateColumns: `repeat(${Math.ceil(max / rows)}, minmax(0, 1fr))` }}
      >
        {max > MOST_CELLS
          ? places.map(({ place, count }) => (
              <span key={place} class="cell" data-place={place} style={{ flexGrow: count }} />
            ))
          : places.flatMap(({ place, count }) =>
              Array.from({ length: count }, (_, i) => (
                <span key={`${place} ${i}`} class="cell" data-place={place} />
              )),
            )}
      </div>
      <ul class="places" aria-label={`What the ${max} connections do`}>
        {places.map(({ place, label, count }) => (
          <li key={place}>
            <span class="cell" data-place={place} aria-hidden="true" />
            <b>{whole(count)}</b> {label}
          </li>
        ))}
      </ul>
    </div>
  );
}
