import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { History } from '../live/history.ts';
import { summarize } from '../model/chart-summary.ts';
import { moment } from '../model/words.ts';
import type { PoolColumns } from '../wire.ts';
import { optionsOf } from './options.ts';
import type { ChartSpec, LineSpec } from './specs.ts';
import { minutesOf, windowOf } from './window.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly history: History;
  readonly columns: PoolColumns;
  /** A chart is drawn anew when the theme changes: a canvas knows no custom properties. */
  readonly theme: string;
}

export function Chart({ spec, history, columns, theme }: Props) {
  const [pointed, setPointed] = useState<number | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const width = useWidth(place);

  useLayoutEffect(() => {
    const parent = place.current;
    if (!parent || width === 0) return;
    const style = getComputedStyle(parent);
    const colourOf = (property: string) => style.getPropertyValue(property).trim();
    const made = new uPlot(
      optionsOf(spec, width, colourOf, setPointed),
      dataOf(spec, history.at, columns),
      parent,
    );
    showWindow(made, history.at);
    plot.current = made;
    return () => made.destroy();
  }, [spec, width, theme]);

  useEffect(() => {
    plot.current?.batch(() => {
      plot.current?.setData(dataOf(spec, history.at, columns), false);
      if (plot.current) showWindow(plot.current, history.at);
    });
  }, [spec, history, columns]);

  const row = pointed ?? history.at.length - 1;
  const [first] = spec.lines;
  const at = history.at[row];
  return (
    <figure class="chart" aria-label={`${spec.title}, the last ${minutesOf(history.at)}`}>
      <figcaption class="chart-head">
        <span class="chart-title">{spec.title}</span>
        <span class="chart-moment">
          {pointed !== null && at !== undefined && moment(new Date(at * 1_000), new Date())}
        </span>
        <span class="chart-values">
          {spec.lines.map((line) => (
            <Value
              key={line.label}
              line={line}
              spec={spec}
              columns={columns}
              row={row}
              isFirst={line === first}
            />
          ))}
        </span>
      </figcaption>
      <div class="chart-plot" ref={place} aria-hidden="true" />
      <p class="unseen">
        {spec.lines
          .map((line) => summarize(line.label, line.values(columns), line.format ?? spec.format))
          .join(' ')}
      </p>
    </figure>
  );
}

function Value({
  line,
  spec,
  columns,
  row,
  isFirst,
}: {
  line: LineSpec;
  spec: ChartSpec;
  columns: PoolColumns;
  row: number;
  isFirst: boolean;
}) {
  const value = line.values(columns)[row];
  const { format = spec.format } = line;
  return (
    <span class={isFirst ? 'value first' : 'value'}>
      <b>{value === null || value === undefined ? '–' : format(value)}</b>
      <span>
        <span class="swatch" data-kind={line.kind} data-colour={line.colour} />
        {line.label}
      </span>
    </span>
  );
}

function dataOf(spec: ChartSpec, at: readonly number[], columns: PoolColumns): uPlot.AlignedData {
  return [at, ...spec.lines.map((line) => line.values(columns))] as uPlot.AlignedData;
}

function showWindow(plot: uPlot, at: readonly number[]): void {
  const { from, to } = windowOf(at);
  plot.setScale('x', { min: from, max: to });
}

function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!place.current) return;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry?.contentRect.width ?? 0)),
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
