import type { LoadResult } from '@lifeguard/testkit';
import { millis, ratio, share, upperFirst } from '../terminal/words.ts';
import { PHASES } from './measure-outage.ts';
import type { IncidentResult } from './run-incident.ts';
import type { Variant } from './variants.ts';

/** Less than this share of the stock pool's throughput asks for an explanation. */
const NOTICEABLY_LESS = 0.95;
/** From so many connections on, the pool lends all but one. */
const RESERVE_FROM = 3;

/** What happened and why, from the figures and from what Lifeguard reported. */
export function tell(result: IncidentResult): string {
  const [cause] = result.report;
  const streams = result.incident.outageSeconds
    ? [tellOutage(result)]
    : result.streams.map(({ name, arrival }) =>
        arrival.kind === 'closed' ? tellThroughput(result, name) : tellWaits(result, name),
      );
  const why = cause ? `Why: ${cause.cause}` : 'Lifeguard reported no cause.';
  return [...streams, why].join(' ');
}

/** Users who ask again when they are answered: what counts is how many were served. */
function tellThroughput(result: IncidentResult, stream: string): string {
  const stock = loadOf(result, 'stock', stream);
  const told = (name: Variant['name']) => {
    const load = loadOf(result, name, stream);
    const gain =
      load === stock || stock.throughput === 0
        ? ''
        : ` (${ratio(load.throughput, stock.throughput)})`;
    return `${rate(load)} a second${gain}, ${share(load.failed, load.offered)} failed`;
  };
  const gaveWay =
    loadOf(result, 'lifeguard', stream).throughput < stock.throughput * NOTICEABLY_LESS &&
    result.connectionLimit >= RESERVE_FROM
      ? ` (It keeps one of the ${result.connectionLimit} connections for others, and these held the rest.)`
      : '';
  return (
    `${upperFirst(stream)}: the stock pool served ${told('stock')}; ` +
    `Lifeguard with the same code ${told('lifeguard')}; repaired ${told('repaired')}.${gaveWay}`
  );
}

/** Users who come whether the others are answered or not: what counts is how long they waited. */
function tellWaits(result: IncidentResult, stream: string): string {
  const told = (name: Variant['name']) => {
    const { latencyMillis, served } = loadOf(result, name, stream);
    return served > 0 ? `${millis(latencyMillis.p50)} and ${millis(latencyMillis.p99)}` : 'nobody';
  };
  return (
    `${upperFirst(stream)} beside it (half of the visitors waited longer than the first figure, one in a hundred longer than the second): ` +
    `${told('stock')} with the stock pool, ${told('lifeguard')} with Lifeguard, ${told('repaired')} repaired.`
  );
}

/** What visitors were answered while the server was away, and after it had come back. */
function tellOutage(result: IncidentResult): string {
  const answered = (phase: string) => (name: Variant['name']) => {
    const { served, offered } = loadOf(result, name, phase);
    return served === offered ? `all ${offered}` : `${served} of ${offered}`;
  };
  const [away, after] = [answered(PHASES.away), answered(PHASES.after)];
  return (
    `While the server was away for ${result.incident.outageSeconds} s, the stock pool answered ${away('stock')} requests; ` +
    `Lifeguard with the same code ${away('lifeguard')}; repaired ${away('repaired')}, from its cache and marked as such. ` +
    `In the seconds after its return: ${after('stock')}, ${after('lifeguard')}, ${after('repaired')}.`
  );
}

export function loadOf(
  { variants }: IncidentResult,
  name: Variant['name'],
  stream: string,
): LoadResult {
  const found = variants
    .find(({ variant }) => variant.name === name)
    ?.streams.find((one) => one.stream === stream);
  if (!found) throw new Error(`no result of '${stream}' with '${name}'`);
  return found.load;
}

function rate({ throughput }: LoadResult): string {
  return throughput.toFixed(throughput < 10 ? 1 : 0);
}
