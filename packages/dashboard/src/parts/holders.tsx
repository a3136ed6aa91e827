import { groupHolders, type HolderGroup } from '../model/holder-groups.ts';
import { duration, percent, whole } from '../model/words.ts';
import type { OwnerStats, PoolSnapshot } from '../wire.ts';
import { ActionButton } from './action.tsx';
import { useStableOrder } from './stable-order.ts';
import { Bar, type Column, Table } from './table.tsx';

const MOST_ROWS = 10;
/** An owner that does so little with what it holds is worth a second look. */
const IDLE_SHARE = 0.5;
/** Held for less, a connection comes back before anybody has read who has it. */
const LONG_MILLIS = 1_000;

interface Props {
  readonly pool: PoolSnapshot;
  readonly mayReclaim: boolean;
}

/** Who has a connection to itself at this moment. */
export function Holders({ pool, mayReclaim }: Props) {
  const groups = groupHolders(pool.holders);
  const rows = useStableOrder(groups.slice(0, MOST_ROWS), ({ key }) => key);
  const longest = Math.max(...groups.map(({ longestMillis }) => longestMillis), 1);
  const columns: Column<HolderGroup>[] = [
    {
      name: 'Who',
      cell: ({ owner, site }) => (
        <>
          <span class="name">{owner}</span>
          {site && <span class="site">{site}</span>}
        </>
      ),
    },
    { name: 'Connections', isNumber: true, cell: ({ connections }) => whole(connections) },
    {
      name: 'Longest',
      isNumber: true,
      cell: ({ longestMillis, heldMillis, idleMillis }) => (
        <>
          {duration(longestMillis)}
          <Bar share={longestMillis / longest} within={idleMillis / heldMillis} />
        </>
      ),
    },
    { name: 'Of it idle', isNumber: true, cell: (group) => <Idle {...group} /> },
    {
      name: 'In transaction',
      isNumber: true,
      isWide: true,
      cell: ({ inTransaction }) => whole(inTransaction),
    },
  ];
  if (mayReclaim) {
    columns.push({
      name: 'End it',
      isNumber: true,
      cell: (group) => <TakeBack pool={pool.name} group={group} />,
    });
  }
  return (
    <section class="card" aria-labelledby="holders">
      <h2 id="holders">Who holds a connection</h2>
      <p class="window">at this moment</p>
      <Table
        caption="Callers that have a connection to themselves, the longest first"
        columns={columns}
        rows={rows}
        keyOf={({ key }) => key}
        empty="Nobody holds a connection to itself."
      />
      {groups.length > MOST_ROWS && <p class="more">and {groups.length - MOST_ROWS} more</p>}
    </section>
  );
}

/** For a connection that nobody gives back. */
function TakeBack({ pool, group }: { pool: string; group: HolderGroup }) {
  const { owner, longestMillis, longestId } = group;
  if (longestMillis < LONG_MILLIS) return null;
  return (
    <ActionButton
      label="Take back"
      question={`Take back the connection that ${owner} has held for ${duration(longestMillis)}?`}
      deed="Take it back"
      query={{ action: 'reclaim', pool, checkout: `${longestId}`, confirm: `${longestId}` }}
    >
      It is closed under its holder: what was begun on it is rolled back, and what is asked of it
      from then on fails.
    </ActionButton>
  );
}

/** Who has held the most of the pool lately; nothing where nobody held any of it. */
export function Owners({ pool }: { pool: PoolSnapshot }) {
  const { owners, seconds } = pool.window;
  const rows = useStableOrder(owners.slice(0, MOST_ROWS), ({ owner }) => owner);
  const most = Math.max(...owners.map(({ heldMillis }) => heldMillis), 1);
  const columns: Column<OwnerStats>[] = [
    { name: 'Who', cell: ({ owner }) => <span class="name">{owner}</span> },
    {
      name: 'Held in all',
      isNumber: true,
      cell: ({ heldMillis, idleMillis }) => (
        <>
          {duration(heldMillis)}
          <Bar share={heldMillis / most} within={idleMillis / heldMillis} />
        </>
      ),
    },
    { name: 'Of it idle', isNumber: true, cell: (owner) => <Idle {...owner} /> },
    { name: 'Checkouts', isNumber: true, isWide: true, cell: ({ checkouts }) => whole(checkouts) },
    {
      name: 'Longest',
      isNumber: true,
      isWide: true,
      cell: ({ maxHeldMillis }) => duration(maxHeldMillis),
    },
  ];
  // Where all goes over the shared lane, nobody holds anything.
  if (owners.length === 0) return null;
  return (
    <section class="card" aria-labelledby="owners">
      <h2 id="owners">Who held the most</h2>
      <p class="window">in the last {whole(seconds)} s</p>
      <Table
        caption="Owners of ended checkouts by the time they held a connection"
        columns={columns}
        rows={rows}
        keyOf={({ owner }) => owner}
        empty=""
      />
    </section>
  );
}

/** Held without a statement under way: the application did something else meanwhile. */
function Idle({ heldMillis, idleMillis }: { heldMillis: number; idleMillis: number }) {
  const share = heldMillis > 0 ? idleMillis / heldMillis : 0;
  return (
    <span class={share >= IDLE_SHARE && idleMillis >= 50 ? 'notable' : ''}>{percent(share)}</span>
  );
}
