import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkExpressions, PROMTOOL_LIMIT_MILLIS } from '../testing/promtool.ts';
import { HISTOGRAMS, NUMBERS } from './instruments.ts';
import { familyName } from './prometheus.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: unknown;
  readonly gridPos: {
    readonly h: number;
    readonly w: number;
    readonly x: number;
    readonly y: number;
  };
  readonly targets?: readonly { readonly expr: string; readonly datasource: unknown }[];
}

const file = new URL('../../grafana/lifeguard.json', import.meta.url);
const dashboard = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] };
  readonly templating: {
    readonly list: readonly { name: string; type: string; definition?: string }[];
  };
};
const charts = dashboard.panels.filter(({ type }) => type !== 'row');
const expressions = [
  ...charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.flatMap(({ expr }) => expr ?? []),
];

/** Every sample that the address for Prometheus has. */
const exposed = new Set([
  ...NUMBERS.map((one) => (one.type === 'counter' ? `${familyName(one)}_total` : familyName(one))),
  ...HISTOGRAMS.flatMap((one) =>
    ['bucket', 'sum', 'count'].map((suffix) => `${familyName(one)}_${suffix}`),
  ),
]);

function metricsIn(text: string): string[] {
  const outsideOfBraces = text.replace(/\{[^}]*\}/g, '');
  const withoutLabels = outsideOfBraces.replace(/\b(by|without) \([^)]*\)/g, '');
  return withoutLabels.match(/\b(db|lifeguard)_[a-z_]+/g) ?? [];
}

test('every query names metrics that are exposed', () => {
  expect(expressions.length).toBeGreaterThan(20);
  for (const expression of expressions) {
    const names = metricsIn(expression);
    expect(names.length, expression).toBeGreaterThan(0);
    for (const name of names) expect(exposed, expression).toContain(name);
  }
  for (const { definition } of dashboard.templating.list) {
    for (const name of definition ? metricsIn(definition).slice(0, 1) : []) {
      expect(exposed).toContain(name);
    }
  }
});

test(
  'Prometheus reads every query',
  async () => {
    const filled = expressions.map((expression) =>
      expression.replaceAll(/\$__(rate_interval|range)/g, '5m').replaceAll(/\$\w+/g, '.*'),
    );
    expect(await checkExpressions(filled)).toMatchObject({ status: 0 });
    expect(await checkExpressions(['sum(rate(x[5m])'])).toMatchObject({ status: 1 });
  },
  PROMTOOL_LIMIT_MILLIS,
);

describe('the file', () => {
  test('is classic, and stands on whichever data source is chosen', () => {
    expect(dashboard.schemaVersion).toBe(41);
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
    for (const { datasource, targets = [] } of charts) {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in.
      const chosen = { type: 'prometheus', uid: '${datasource}' };
      expect([datasource, ...targets.map((target) => target.datasource)]).toEqual(
        Array(targets.length + 1).fill(chosen),
      );
    }
  });

  test('has panels with an id of their own, in the grid and beside each other', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x, title).toBeLessThan(24);
          expect(taken, title).not.toContain(`${x},${y}`);
          taken.add(`${x},${y}`);
        }
      }
    }
  });
});
