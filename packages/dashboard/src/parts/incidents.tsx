import { incidentText } from '../model/incident-text.ts';
import type { Status } from '../model/verdict.ts';
import { capital, count, duration, moment } from '../model/words.ts';
import type { IncidentRecord, Severity } from '../wire.ts';
import { Evidence } from './evidence.tsx';
import { StatusIcon } from './icons.tsx';
import { Prose } from './prose.tsx';
import { Remedy } from './remedy.tsx';

const STATUS: Readonly<Record<Severity, Status>> = {
  info: 'pass',
  warning: 'warn',
  critical: 'fail',
};
/** Of those that are over, how many are listed. */
const MOST_PAST = 20;

/** The costliest of what explains a symptom. */
const MOST_CAUSES = 3;
/** One that was not seen for so long may well be over; the monitor waits longer before it says so. */
const CALM_MILLIS = 15_000;
/** What goes on is seen at each look; what is counted, each time that it happens. */
const CALM_AT_ONCE_MILLIS = 5_000;

interface Props {
  readonly active: readonly IncidentRecord[];
  readonly past: readonly IncidentRecord[];
  /** Of the snapshot. */
  readonly now: Date;
  /** With several pools each incident says whose it is. */
  readonly namesPool: boolean;
}

export function Incidents({ active, past, now, namesPool }: Props) {
  const titles = new Map(active.map(({ id, title }) => [id, title]));
  return (
    <section aria-labelledby="incidents">
      <h2 id="incidents">What happens, and what to do</h2>
      {active.length === 0 && (
        <p class="empty">
          Nothing is wrong{past.length > 0 ? ' now' : ''}. What goes wrong is shown here, with its
          cause and its repair.
        </p>
      )}
      <ol class="incidents">
        {active.map((incident) => (
          <li key={incident.id}>
            <Incident
              incident={incident}
              causes={incident.explainedBy.flatMap((id) => titles.get(id) ?? [])}
              now={now}
              namesPool={namesPool}
            />
          </li>
        ))}
      </ol>
      {past.length > 0 && (
        <div class="past">
          <h3>Over</h3>
          <ol>
            {past.slice(0, MOST_PAST).map((incident) => (
              <li key={incident.id}>
                <details>
                  <summary>
                    <span class="past-title">{capital(incident.title)}</span>
                    <span class="meta">{when(incident, now)}</span>
                  </summary>
                  <IncidentBody incident={incident} now={now} />
                </details>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

interface IncidentProps {
  readonly incident: IncidentRecord;
  /** Titles of what explains it. */
  readonly causes: readonly string[];
  readonly now: Date;
  readonly namesPool: boolean;
}

/** A cause in full; what only follows from it in a line that opens. */
function Incident(props: IncidentProps) {
  const { incident, causes, now } = props;
  const head = <IncidentHead {...props} />;
  return (
    <article
      class="incident"
      data-severity={isCalm(incident, now) ? 'info' : incident.severity}
      aria-labelledby={`i-${incident.id}`}
    >
      {causes.length > 0 ? (
        <details>
          <summary class="incident-head">{head}</summary>
          <IncidentBody incident={incident} now={now} />
        </details>
      ) : (
        <>
          <header class="incident-head">{head}</header>
          <IncidentBody incident={incident} now={now} />
        </>
      )}
    </article>
  );
}

function IncidentHead({ incident, causes, now, namesPool }: IncidentProps) {
  return (
    <>
      <StatusIcon status={STATUS[incident.severity]} />
      <h3 id={`i-${incident.id}`}>{capital(incident.title)}</h3>
      <p class="meta">
        {namesPool && <span class="tag">{incident.pool}</span>}
        {when(incident, now)}
      </p>
      {causes.length > 0 && (
        <p class="because">
          Follows from: {causes.slice(0, MOST_CAUSES).join('; ')}
          {causes.length > MOST_CAUSES && ` and ${causes.length - MOST_CAUSES} more`}
        </p>
      )}
    </>
  );
}

function IncidentBody({ incident, now }: { incident: IncidentRecord; now: Date }) {
  const { evidence, cause, remedy, site, statement } = incident;
  const isTold = (text: string) => evidence.some((line) => line.includes(text));
  const lines = [
    ...evidence,
    ...(site === undefined || isTold(site) ? [] : [`at ${site}`]),
    ...(statement === undefined || isTold(statement) ? [] : [`statement: ${statement}`]),
  ];
  return (
    <div class="incident-body">
      <div class="why">
        <h4>Why</h4>
        <p>
          <Prose text={cause} />
        </p>
      </div>
      <div class="remedy">
        <h4>What to do</h4>
        <Remedy remedy={remedy} report={incidentText(incident)} />
      </div>
      <ul class="evidence" aria-label="What shows it">
        {lines.map((line) => (
          <li key={line}>
            <Evidence line={line} now={now} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function isCalm({ lastSeen, isUnderWay }: IncidentRecord, now: Date): boolean {
  const quiet = now.getTime() - Date.parse(lastSeen);
  return quiet >= (isUnderWay ? CALM_AT_ONCE_MILLIS : CALM_MILLIS);
}

function when(incident: IncidentRecord, now: Date): string {
  const { firstSeen, lastSeen, overSince, count: times, episodes } = incident;
  const since = new Date(firstSeen);
  const seen = times > 1 ? [count(times, 'time')] : [];
  const came = episodes > 1 ? [`came ${episodes} times`] : [];
  const time =
    overSince !== null
      ? `over since ${moment(new Date(overSince), now)}`
      : isCalm(incident, now)
        ? `seen last ${moment(new Date(lastSeen), now)}`
        : `since ${moment(since, now)} (${duration(now.getTime() - since.getTime())})`;
  return [...seen, time, ...came].join(', ');
}
