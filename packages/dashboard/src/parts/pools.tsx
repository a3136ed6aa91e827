import { judge } from '../model/verdict.ts';
import type { Snapshot } from '../wire.ts';
import { StatusIcon } from './icons.tsx';

/** Which pool is shown. Not there when there is but one. */
export function Pools({
  snapshot,
  chosen,
  onChoose,
}: {
  snapshot: Snapshot;
  chosen: string;
  onChoose: (pool: string) => void;
}) {
  const { pools, incidents } = snapshot;
  const now = new Date(snapshot.at);
  if (pools.length < 2) return null;
  return (
    <nav class="pools" aria-label="Pools">
      <ul>
        {pools.map((pool) => {
          const active = incidents.active.filter((incident) => incident.pool === pool.name);
          const { status, headline } = judge(pool, active, now);
          const { used, max } = pool.connections;
          return (
            <li key={pool.name}>
              <button
                type="button"
                aria-current={pool.name === chosen ? 'true' : undefined}
                onClick={() => onChoose(pool.name)}
              >
                <StatusIcon status={status} size={14} />
                <span>{pool.name}</span>
                <span class="meta">
                  {used}/{max}
                </span>
                <span class="unseen">{headline}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
