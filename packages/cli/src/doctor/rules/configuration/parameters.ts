import type { OptionWarning } from '@lifeguard/pool';
import { upperFirst } from '../../../terminal/words.ts';
import { defineRule } from '../rule.ts';

/** The pool's messages end with what to do, behind a colon or a semicolon. */
function lastPart(message: string): string {
  return upperFirst(message.split(/[:;] /).at(-1) ?? message);
}

function firstPart(message: string): string {
  return message.split(/[:;,] /)[0] ?? message;
}

export const invalidParameter = defineRule({
  id: 'invalid-parameter',
  source: 'configuration',
  finds: 'Parameters and variables whose value makes no sense.',
  why: 'A pool that is strict refuses to start with it; one that is not takes its default, or milliseconds for seconds.',
  severities: ['critical'],
  needs: ['configuration'],
  thresholds: {},
  find({ configuration: { invalid } }) {
    return invalid.map(({ parameter, message }) => ({
      severity: 'critical',
      title: `${parameter} can’t be used`,
      evidence: [message],
      subjects: [parameter],
      remedies: [{ title: lastPart(message) }],
    }));
  },
});

export const unknownParameter = defineRule({
  id: 'unknown-parameter',
  source: 'configuration',
  finds:
    'Parameters of the address that nobody knows, or that have no effect; an address that was not filled in.',
  why: 'A limit that was misspelt is no limit.',
  severities: ['warning', 'info'],
  needs: ['configuration'],
  thresholds: {},
  ignores: 'parameters',
  find({ configuration: { warnings, origin } }, _, isIgnored) {
    // `DATABASE_URL in .env`: what is told of the address as a whole.
    const isAddress = (parameter: string) => parameter === origin.split(' in ')[0];
    const titleOf = ({ parameter, message, unknown }: OptionWarning) => {
      if (unknown) return `${parameter} is not a parameter`;
      return isAddress(parameter) ? firstPart(message) : `${parameter}: not as it seems`;
    };
    return warnings
      .filter(({ parameter }) => !isIgnored(parameter))
      .map((warning) => ({ ...warning, title: titleOf(warning) }))
      .map(({ parameter, message, unknown, title }) => ({
        severity: unknown || isAddress(parameter) ? 'warning' : 'info',
        title,
        ...(isAddress(parameter) && {
          why: 'An address that is not what it seems leads nowhere, or elsewhere.',
        }),
        evidence: [message],
        subjects: [parameter],
        remedies: [{ title: lastPart(message) }],
      }));
  },
});

export const overruledParameter = defineRule({
  id: 'overruled-parameter',
  source: 'configuration',
  finds: 'Parameters of the address whose place an environment variable has taken.',
  why: 'Whoever changes the limit in the address changes nothing.',
  severities: ['info'],
  needs: ['configuration'],
  thresholds: {},
  find({ configuration: { overruled, origin, project } }) {
    // Only Lifeguard reads these variables.
    if (project.reader !== 'lifeguard' || overruled.length === 0) return [];
    return [
      {
        severity: 'info',
        title: `The environment overrules ${overruled.map(({ parameter }) => parameter).join(', ')} of ${origin}`,
        evidence: overruled.map(({ parameter, by }) => `${by} counts, ${parameter} does not`),
        subjects: overruled.map(({ parameter }) => parameter),
        remedies: [{ title: 'Keep one of the two' }],
      },
    ];
  },
});

export const noApplicationName = defineRule({
  id: 'no-application-name',
  source: 'configuration',
  finds: 'An address without application_name.',
  why: 'Nobody can tell in pg_stat_activity whose connections they are, least of all when they are all taken.',
  severities: ['info'],
  needs: ['configuration'],
  thresholds: {},
  find({ configuration: { applicationName, origin } }) {
    if (applicationName) return [];
    return [
      {
        severity: 'info',
        title: 'The application’s connections have no name',
        evidence: [`${origin} has no application_name`],
        remedies: [{ title: 'Name the service', language: 'url', code: '?application_name=web' }],
      },
    ];
  },
});
