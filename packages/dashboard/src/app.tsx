import { useEffect, useState } from 'preact/hooks';
import { Chart } from './charts/chart.tsx';
import { chartsOf } from './charts/specs.ts';
import { minutesOf } from './charts/window.ts';
import type { Line, Store, View } from './live/store.ts';
import { judge } from './model/verdict.ts';
import { moment } from './model/words.ts';
import { ActionDialog, Ask, type Deed } from './parts/action.tsx';
import { Announcer } from './parts/announcer.tsx';
import { Holders, Owners } from './parts/holders.tsx';
import { Logo } from './parts/icons.tsx';
import { Incidents } from './parts/incidents.tsx';
import { LineState } from './parts/line.tsx';
import { Pools } from './parts/pools.tsx';
import { Replicas } from './parts/replicas.tsx';
import { Server } from './parts/server/server.tsx';
import { Session } from './parts/session.tsx';
import { Statements } from './parts/statements.tsx';
import { Summary } from './parts/summary.tsx';
import { ThemeButton, useTheme } from './parts/theme.tsx';
import { Waiting } from './parts/waiting.tsx';
import type { Greeting, PoolSnapshot, Snapshot } from './wire.ts';

export function App({ store }: { store: Store }) {
  const view = useView(store);
  const { theme, choice, next } = useTheme();
  const [chosen, choose] = useChosenPool();
  const [asked, ask] = useState<Deed>();
  const { snapshot, line } = view;
  const pool = snapshot?.pools.find(({ name }) => name === chosen) ?? snapshot?.pools[0];
  return (
    <Ask.Provider value={ask}>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the figures
      </button>
      <header class="top">
        <div class="brand">
          <Logo />
          <span>Lifeguard</span>
        </div>
        {snapshot && pool && <Pools snapshot={snapshot} chosen={pool.name} onChoose={choose} />}
        <div class="tools">
          <LineState line={line} at={snapshot?.at} onRetry={() => store.tryNow()} />
          <ThemeButton choice={choice} next={next} />
          <Session greeting={view.greeting} />
        </div>
      </header>
      <main id="main" tabIndex={-1} data-stale={isStale(line) || undefined}>
        {snapshot ? (
          pool ? (
            <Figures view={view} snapshot={snapshot} pool={pool} theme={theme} />
          ) : (
            <h1 class="placeholder">The monitor watches no pool yet</h1>
          )
        ) : (
          <h1 class="placeholder">Waiting for the first figures …</h1>
        )}
      </main>
      <ActionDialog asked={asked} onClose={() => ask(undefined)} />
    </Ask.Provider>
  );
}

function Figures({
  view,
  snapshot,
  pool,
  theme,
}: {
  view: View;
  snapshot: Snapshot;
  pool: PoolSnapshot;
  theme: string;
}) {
  const { active, past } = snapshot.incidents;
  const now = new Date(snapshot.at);
  const columns = view.history.pools[pool.name];
  const may = (action: Greeting['actions'][number]) =>
    view.greeting?.actions.includes(action) ?? false;
  const verdict = judge(
    pool,
    active.filter((incident) => incident.pool === pool.name),
    now,
  );
  useEffect(() => {
    document.title = `${verdict.headline} · Lifeguard`;
  }, [verdict.headline]);
  return (
    <>
      <Announcer active={active} />
      <Summary
        pool={pool}
        verdict={verdict}
        now={now}
        mayReset={may('reset')}
        asOf={isStale(view.line) ? moment(now, new Date()) : undefined}
      />
      <Incidents active={active} past={past} now={now} namesPool={snapshot.pools.length > 1} />
      <section class="history" aria-labelledby="charts">
        <h2 id="charts">The last {minutesOf(view.history.at)}</h2>
        <div class="charts">
          {columns &&
            chartsOf(pool).map((spec) => (
              <Chart
                key={spec.id}
                spec={spec}
                history={view.history}
                columns={columns}
                theme={theme}
              />
            ))}
        </div>
      </section>
      {pool.kind === 'pool' && (
        <div class="columns">
          <Holders pool={pool} mayReclaim={may('reclaim')} />
          <Waiting pool={pool} />
        </div>
      )}
      <Replicas pool={pool} active={active} now={now} />
      {pool.kind === 'pool' && (
        <>
          <Owners pool={pool} />
          <Statements pool={pool} />
        </>
      )}
      <Server pool={pool} now={now} mayTerminate={may('terminate')} />
      <footer>
        Process {snapshot.process.pid} on {snapshot.process.host}, watched since{' '}
        {moment(new Date(snapshot.process.since), now)}
      </footer>
    </>
  );
}

/** No link: the address says which pool is shown. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}

function isStale(line: Line): boolean {
  return line.is === 'lost' || line.is === 'refused';
}

function useView(store: Store): View {
  const [view, setView] = useState(store.view);
  useEffect(() => store.subscribe(() => setView(store.view)), [store]);
  return view;
}

/** Kept in the address, so that a reload and a link show the same. */
function useChosenPool(): [string, (pool: string) => void] {
  const read = () => new URLSearchParams(location.hash.slice(1)).get('pool') ?? '';
  const [pool, setPool] = useState(read);
  useEffect(() => {
    const onChange = () => setPool(read());
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return [
    pool,
    (name) => {
      history.replaceState(null, '', `#${new URLSearchParams({ pool: name })}`);
      setPool(name);
    },
  ];
}
