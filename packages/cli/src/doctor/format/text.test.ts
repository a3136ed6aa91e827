import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { textWidth } from '../../terminal/words.ts';
import type { Report } from '../report/report.ts';
import {
  configuration,
  connectFailure,
  healthyFacts,
  madeUpReport,
  pool,
  pooler,
} from '../testing/made-up.ts';
import { sickFacts } from '../testing/sick-facts.ts';
import { renderText } from './text.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), {
  code: 'ECONNREFUSED',
});
const unseen = [
  {
    what: 'what the sessions of other users do (reporting, nightly), replicas, others’ statements',
    why: 'app is not a member of pg_monitor',
    remedy: 'GRANT pg_monitor TO app;',
  },
];
const reports: readonly (readonly [name: string, report: Report])[] = [
  ['healthy', madeUpReport(healthyFacts())],
  [
    'sick',
    madeUpReport(sickFacts(), { unseen, notAsked: ['replication-lag'], silenced: ['bloat'] }),
  ],
  [
    'pooled',
    madeUpReport({
      ...healthyFacts(),
      pooler: pooler({ pools: [pool({ clientsWaiting: 12, longestWait: 14 })] }),
      configuration: configuration({ applicationName: undefined, declaresPooler: true }),
    }),
  ],
  [
    'unreachable',
    madeUpReport({ configuration: configuration(), connectFailure: connectFailure(refused) }),
  ],
];

function render(report: Report, width: number, colours = false, verbose = false): string {
  return renderText(report, { width, colours: pc.createColors(colours), verbose });
}

describe.each([80, 120])('%d columns', (width) => {
  test.each(reports)('%s', async (name, report) => {
    await expect(`${render(report, width)}\n`).toMatchFileSnapshot(`golden/${name}-${width}.txt`);
  });

  test.each(reports)('%s: no line is wider, but what is there to be pasted', (_, report) => {
    const wide = render(report, width)
      .split('\n')
      .filter((line) => textWidth(line) > width);
    const pasted = report.findings.flatMap(({ remedies }) =>
      remedies.flatMap(({ code = '' }) => code.split('\n').map((line) => line.trim())),
    );
    for (const line of wide) expect(pasted).toContain(line.trimStart());
  });
});

test.each(reports)('%s: colours change nothing but colours', (_, report) => {
  const coloured = render(report, 80, true);
  expect(coloured).toContain('\u001b[');
  expect(stripVTControlCharacters(coloured)).toBe(render(report, 80));
});

test('what is only worth knowing is told in full when asked for', () => {
  const report = madeUpReport({
    ...healthyFacts(),
    configuration: configuration({ applicationName: undefined }),
  });
  expect(render(report, 80)).toContain(
    'Worth knowing (--verbose tells what to do)\n · The application’s connections have no name (no-application-name)',
  );
  const verbose = render(report, 80, false, true);
  expect(verbose).not.toContain('Worth knowing');
  expect(verbose).toContain('?application_name=web');
});

test('no health certificate for what could not be seen', () => {
  const line = (report: Report) => render(report, 80).split('\n')[0];
  expect(line(madeUpReport(healthyFacts()))).toBe('HEALTHY  nothing that needs doing');
  expect(line(madeUpReport(healthyFacts(), { unseen }))).toBe(
    'HEALTHY  as far as it could be seen: nothing that needs doing',
  );
  expect(line(madeUpReport({ configuration: configuration() }))).toMatch(/^NO COMPLAINT /);
});

test('a narrow terminal is no reason to fail', () => {
  for (const [, report] of reports) expect(render(report, 40)).not.toBe('');
});
