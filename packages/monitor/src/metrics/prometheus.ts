import { BOUNDS } from './bounds.ts';
import type { Attributes, HistogramPoint, Instrument, Metric } from './metric.ts';

/** `text`: Prometheus's own format, 0.0.4; `openmetrics`: OpenMetrics 1.0, which it asks for first. */
export type Exposition = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Exposition, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The figures as Prometheus scrapes them. Names are those that OpenTelemetry's rules make of its own. */
export function toPrometheus(metrics: readonly Metric[], exposition: Exposition = 'text'): string {
  const lines = metrics.flatMap((metric) => family(metric, exposition));
  if (exposition === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

/** `db.client.connection.wait_time` in `s` is `db_client_connection_wait_time_seconds`. */
export function familyName({ name, unit }: Instrument): string {
  const suffix = UNITS[unit];
  return `${sanitized(name)}${suffix === undefined ? '' : `_${suffix}`}`;
}

/** What is in braces is no unit. */
const UNITS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

function family(metric: Metric, exposition: Exposition): string[] {
  const { instrument, points } = metric;
  const name = familyName(instrument);
  const isCounter = instrument.type === 'counter';
  const sample = isCounter ? `${name}_total` : name;
  // Only OpenMetrics tells a counter from its sample.
  const head = exposition === 'openmetrics' ? name : sample;
  const type = instrument.type === 'upDown' ? 'gauge' : instrument.type;
  const unit = UNITS[instrument.unit];
  return [
    `# HELP ${head} ${escapeHelp(instrument.description, exposition)}`,
    `# TYPE ${head} ${type}`,
    ...(exposition === 'openmetrics' && unit !== undefined ? [`# UNIT ${head} ${unit}`] : []),
    ...(isHistogram(metric)
      ? metric.points.flatMap((point) => histogram(name, point))
      : (points as readonly { attributes: Attributes; value: number }[]).map(
          ({ attributes, value }) => `${sample}${labels(attributes)} ${number(value)}`,
        )),
  ];
}

function isHistogram(
  metric: Metric,
): metric is Extract<Metric, { points: readonly HistogramPoint[] }> {
  return metric.instrument.type === 'histogram';
}

function histogram(name: string, { attributes, value }: HistogramPoint): string[] {
  let count = 0;
  const buckets = value.counts.map((each, i) => {
    count += each;
    const bound = BOUNDS[i];
    const le = bound === undefined ? '+Inf' : float(bound);
    return `${name}_bucket${labels({ ...attributes, le })} ${count}`;
  });
  return [
    ...buckets,
    `${name}_sum${labels(attributes)} ${number(value.sumSeconds)}`,
    `${name}_count${labels(attributes)} ${count}`,
  ];
}

function labels(attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${sanitized(key)}="${escapeLabel(value)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function sanitized(name: string): string {
  return name.replace(/[^a-zA-Z0-9_]/g, '_');
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function escapeHelp(text: string, exposition: Exposition): string {
  const escaped = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  return exposition === 'openmetrics' ? escaped.replace(/"/g, '\\"') : escaped;
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** With a point, as OpenMetrics wants bounds: one and the same in both, so that a series stays one. */
function float(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
