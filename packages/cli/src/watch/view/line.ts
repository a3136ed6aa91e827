import { plural } from '../../terminal/words.ts';
import { type Told, timeOf, waitingOf } from './told.ts';

/** A look in one line, for a pipe. */
export function renderLine({ at, look, incidents, where }: Told): string {
  const { server, transactionsPerSecond } = look;
  const time = timeOf(at);
  if (server.problem !== null) return `${time} ${where} does not answer: ${server.problem}`;
  const { used, max, byState } = server.connections;
  const states = Object.entries(byState)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([state, count]) => `${count} ${state}`);
  const waiting = waitingOf(look);
  return [
    `${time} ${used}${max === null ? '' : ` of ${max}`} connections (${states.join(', ') || 'ours alone'})`,
    ...(transactionsPerSecond === null
      ? []
      : [`${Math.round(transactionsPerSecond)} transactions a second`]),
    ...(waiting > 0 ? [`${plural(waiting, 'session')} held up`] : []),
    ...(look.isBack ? ['it answers again'] : []),
    ...incidents.map(({ severity, title }) => `${severity}: ${title}`),
  ].join('; ');
}
