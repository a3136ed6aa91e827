import type { PageChart } from '@lifeguard/dashboard/load-report';
import type { Comparison } from '../compare/compare.ts';
import type { LoadResult } from '../result/result.ts';
import { percentileChart } from './charts.ts';

/** Both results on the same axes. Pure. */
export function comparisonCharts({ a, b, pairs }: Comparison): PageChart[] {
  const heaviest = pairs.at(-1);
  const overTime = (
    id: string,
    title: string,
    unit: PageChart['unit'],
    values: (result: LoadResult) => readonly (number | null)[],
    isLog = false,
  ): PageChart => {
    const [one, other] = [values(a), values(b)];
    return {
      id,
      title,
      x: 'seconds',
      unit,
      isLog,
      isStacked: false,
      at: Array.from({ length: Math.max(one.length, other.length) }, (_, i) => i + 0.5),
      lines: [
        { label: 'A', colour: '--warn', kind: 'line', values: one },
        { label: 'B', colour: '--accent', kind: 'line', values: other },
      ],
    };
  };
  const hasFailed = [a, b].some(({ failures }) => failures.length > 0);
  const busy = ({ monitor }: LoadResult) => monitor?.pools[0]?.pending ?? [];
  const active = ({ database }: LoadResult) => database?.states.active ?? [];
  return [
    ...(heaviest
      ? [
          percentileChart(`Latency by percentile, at ${heaviest.at}`, [
            { label: 'A', colour: '--warn', curve: heaviest.a.curves.latency },
            { label: 'B', colour: '--accent', curve: heaviest.b.curves.latency },
          ]),
        ]
      : []),
    overTime('rate', 'Served', 'perSecond', ({ timeline }) => timeline.served),
    overTime('latency', 'Latency, p99', 'millis', ({ timeline }) => timeline.p99, true),
    ...(hasFailed
      ? [overTime('failures', 'Failures', 'perSecond', ({ timeline }) => timeline.failed)]
      : []),
    overTime('in-flight', 'Requests under way', 'count', ({ timeline }) => timeline.inFlight),
    ...(busy(a).length > 0 && busy(b).length > 0
      ? [overTime('pending', 'Callers waiting for a connection', 'count', busy)]
      : []),
    ...(active(a).length > 0 && active(b).length > 0
      ? [overTime('active', 'Active database connections', 'count', active)]
      : []),
  ];
}
