import { jsonReport } from '../frame/json.ts';
import type { Colours } from '../terminal/colours.ts';
import { grouped, plural, share, wrap } from '../terminal/words.ts';
import { describe } from './describe.ts';
import type { Group, Tally } from './tally.ts';
import { sparkline } from './timeline.ts';

const VERSION = 1;
/** Told in full; the others by title, unless all are asked for. */
const IN_FULL = 3;
const MOST_NAMES_SHOWN = 5;
const WIDEST_TIMELINE = 60;

export interface ReportOptions {
  readonly width: number;
  readonly colours: Colours;
  /** Tells every kind in full. */
  readonly all: boolean;
}

/** One error, as it was asked about. */
export function renderOne(tally: Tally, { width, colours }: ReportOptions): string {
  return tally.groups
    .map(({ diagnosis, codes }) => {
      const code = [...codes.keys()].map((one) => ` (${one})`).join('');
      return `${colours.bold(diagnosis.title)}${code}\n${describe(diagnosis, width, colours)}`;
    })
    .join('\n\n');
}

/** A log: how much of what, when, what it means, and what to do. */
export function renderLog(tally: Tally, options: ReportOptions): string {
  const { width, colours, all } = options;
  const { groups, recognised } = tally;
  const span = spanOf(groups);
  const head = wrap(
    `${plural(tally.entries, 'entry', 'entries')} read: ${plural(recognised, 'database error')} of ${plural(groups.length, 'kind')}` +
      `${span ? `, from ${stamp(span.from)} to ${stamp(span.to)} (UTC)` : ''}.`,
    width,
  );
  const full = all ? groups : groups.slice(0, IN_FULL);
  const sections = full.map((group) =>
    [
      `${colours.bold(group.diagnosis.title)}  ${colours.dim(countOf(group, recognised))}`,
      ...timelineOf(group, span, width),
      describe(group.diagnosis, width, colours),
    ].join('\n'),
  );
  const others = groups
    .slice(full.length)
    .map((group) => `  ${countOf(group, recognised)}  ${group.diagnosis.title}`);
  if (others.length > 0) {
    sections.push([colours.dim('Besides (--all tells them in full)'), ...others].join('\n'));
  }
  const rest = unrecognisedOf(tally);
  if (rest) sections.push(colours.dim(wrap(rest, width)));
  return [head, ...sections].join('\n\n');
}

/** Errors that are none of the database's, or that nobody here knows; by class, never by their words. */
export function unrecognisedOf({ unrecognised, names }: Tally): string | undefined {
  if (unrecognised === 0) return undefined;
  const shown = [...names]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_NAMES_SHOWN)
    .map(([name, count]) => `${name} (${grouped(count)})`);
  return `${plural(unrecognised, 'other error')}, not about the database or not known here: ${shown.join(', ')}.`;
}

/** For programs. Times are ISO 8601, in UTC. */
export function toJson(tally: Tally): string {
  return jsonReport('explain', VERSION, {
    entries: tally.entries,
    recognised: tally.recognised,
    unrecognised: tally.unrecognised,
    groups: tally.groups.map(({ diagnosis, count, codes, timeline }) => {
      // Those of one entry are not those of the group.
      const { code: _code, evidence: _evidence, ...explained } = diagnosis;
      return {
        ...explained,
        count,
        codes: Object.fromEntries(codes),
        ...(!timeline.isEmpty && {
          first: new Date(timeline.first).toISOString(),
          last: new Date(timeline.last).toISOString(),
          bucketMillis: timeline.widthMillis,
          buckets: timeline
            .buckets()
            .map((bucket) => ({ from: new Date(bucket.from).toISOString(), count: bucket.count })),
        }),
      };
    }),
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf(groups: readonly Group[]): Span | undefined {
  const timed = groups.map(({ timeline }) => timeline).filter(({ isEmpty }) => !isEmpty);
  if (timed.length === 0) return undefined;
  return {
    from: Math.min(...timed.map(({ first }) => first)),
    to: Math.max(...timed.map(({ last }) => last)),
  };
}

/** All on the same axis, so that what came first stands more to the left. */
function timelineOf({ timeline }: Group, span: Span | undefined, width: number): string[] {
  if (!span || timeline.isEmpty || span.from === span.to) return [];
  const columns = Math.min(WIDEST_TIMELINE, width - 4);
  const bars = sparkline(timeline.columns(columns, span.from, span.to));
  const [from, to] = [clock(span, span.from), clock(span, span.to)];
  return ['', `  ${bars}`.trimEnd(), `  ${from}${to.padStart(columns - from.length)}`, ''];
}

function countOf({ count, codes }: Group, of: number): string {
  const named = codes.size > 0 ? `, ${[...codes.keys()].join(' ')}` : '';
  return `${grouped(count)} × (${share(count, of)}${named})`;
}

function stamp(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** The time of day where that is enough. */
function clock({ from, to }: Span, time: number): string {
  const isOneDay = stamp(from).slice(0, 10) === stamp(to).slice(0, 10);
  return isOneDay ? stamp(time).slice(11) : stamp(time).slice(5, 16);
}
