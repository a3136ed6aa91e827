import { incidentText } from '../model/incident-text.ts';
import type { Status } from '../model/verdict.ts';
import { capital, count, duration, moment } from '../model/words.ts';
import type { IncidentRecord, Severity } from '../wire.ts';
import { CopyButton } from './copy.tsx';
import { StatusIcon } from './icons.tsx';
import { Prose } from './prose.tsx';

const STATUS: Readonly<Record<Severity, Status>> = {
  info: 'pass',
  warning: 'warn',
  critical: 'fail',
};
/** Of those that are over, how many are listed. */
const MOST_PAST = 20;

/** The costliest of what explains a symptom. */
const MOST_CAUSES = 3;

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
            <article
              class="incident"
              data-severity={incident.severity}
              aria-labelledby={`i-${incident.id}`}
            >
              <IncidentHead incident={incident} now={now} namesPool={namesPool} />
              <IncidentBody
                incident={incident}
                causes={incident.explainedBy.flatMap((id) => titles.get(id) ?? [])}
              />
            </article>
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
                  <IncidentBody incident={incident} causes={[]} />
                </details>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

function IncidentHead({
  incident,
  now,
  namesPool,
}: {
  incident: IncidentRecord;
  now: Date;
  namesPool: boolean;
}) {
  return (
    <header class="incident-head">
      <StatusIcon status={STATUS[incident.severity]} />
      <h3 id={`i-${incident.id}`}>{capital(incident.title)}</h3>
      <p class="meta">
        {namesPool && <span class="tag">{incident.pool}</span>}
        {when(incident, now)}
      </p>
    </header>
  );
}

function IncidentBody({
  incident,
  causes,
}: {
  incident: IncidentRecord;
  causes: readonly string[];
}) {
  const { evidence, cause, remedy, site, statement } = incident;
  const isTold = (text: string) => evidence.some((line) => line.includes(text));
  return (
    <div class="incident-body">
      <div>
        <h4>Why</h4>
        <p>
          <Prose text={cause} />
        </p>
        {causes.length > 0 && (
          <p class="because">
            Explained by: <b>{causes.slice(0, MOST_CAUSES).join('; ')}</b>
            {causes.length > MOST_CAUSES && ` and ${causes.length - MOST_CAUSES} more`}
          </p>
        )}
        <ul class="evidence">
          {evidence.map((line) => (
            <li key={line}>{line}</li>
          ))}
          {site !== undefined && !isTold(site) && <li>at {site}</li>}
        </ul>
        {statement !== undefined && !isTold(statement) && <pre>{statement}</pre>}
      </div>
      <div class="remedy">
        <h4>What to do</h4>
        <p>
          <Prose text={remedy} />
        </p>
        <p class="buttons">
          <CopyButton text={remedy} label="Copy remedy" />
          <CopyButton text={incidentText(incident)} label="Copy report" />
        </p>
      </div>
    </div>
  );
}

function when({ firstSeen, overSince, count: times, episodes }: IncidentRecord, now: Date): string {
  const since = new Date(firstSeen);
  const came = episodes > 1 ? `, came ${episodes} times` : '';
  const seen = times > 1 ? `${count(times, 'time')}` : 'once';
  if (overSince === null) {
    return `${seen}, since ${moment(since, now)} (${duration(now.getTime() - since.getTime())})${came}`;
  }
  const over = new Date(overSince);
  return `${seen}, over since ${moment(over, now)}${came}`;
}
