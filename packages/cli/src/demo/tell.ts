import type { LoadResult } from '@lifeguard/testkit';
import type { IncidentResult } from './run-incident.ts';
import type { Variant } from './variants.ts';
import { millis, ratio, share } from './words.ts';

/** What happened and why, from the figures and from what Lifeguard reported. */
export function tell(result: IncidentResult): string {
  const [cause] = result.report;
  const why = cause
    ? `Why, as Lifeguard reports it: ${cause.title}. ${cause.cause}`
    : 'Lifeguard reported nothing.';
  return [...result.incident.streams.map(({ name }) => tellStream(result, name)), why].join(' ');
}

function tellStream(result: IncidentResult, stream: string): string {
  const stock = loadOf(result, 'stock', stream);
  const unchanged = loadOf(result, 'lifeguard', stream);
  const repaired = loadOf(result, 'repaired', stream);
  return [
    `${capital(stream)}: the stock pool served ${rate(stock)}, ${failures(stock)} failed, and the worst wait was ${millis(stock.worstMillis)}.`,
    `With Lifeguard and the same code it was ${rate(unchanged)} (${ratio(unchanged.throughput, stock.throughput)}), ${failures(unchanged)} failed, worst ${millis(unchanged.worstMillis)};`,
    `repaired, ${rate(repaired)} (${ratio(repaired.throughput, stock.throughput)}), ${failures(repaired)} failed, worst ${millis(repaired.worstMillis)}.`,
  ].join(' ');
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
  return `${throughput.toFixed(throughput < 10 ? 1 : 0)} a second`;
}

function failures({ failed, offered }: LoadResult): string {
  return share(failed, offered);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
