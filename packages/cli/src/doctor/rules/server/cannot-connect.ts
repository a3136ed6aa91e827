import type { ConfigurationFacts } from '../../configuration/facts.ts';
import type { Remedy } from '../../report/finding.ts';
import { defineRule } from '../rule.ts';

const MOST_CAUSES = 3;
const MOST_REMEDIES = 3;

/** The guard knows no host: its examples have one of their own. */
function forThisHost(remedy: Remedy, { host, port }: ConfigurationFacts): Remedy {
  if (remedy.code === undefined || host.startsWith('/')) return remedy;
  const code = remedy.code.replaceAll(/(db\.example\.com)(\D+)5432/g, `${host}$2${port}`);
  return { ...remedy, code };
}

export const cannotConnect = defineRule({
  id: 'cannot-connect',
  source: 'server',
  finds: 'A server to which no connection comes about, with what the failure means.',
  why: 'What the doctor can’t reach, the application can’t reach either, unless it runs elsewhere.',
  severities: ['critical'],
  needs: ['connectFailure', 'configuration'],
  thresholds: {},
  find({ connectFailure: { at, said, diagnosis }, configuration }) {
    const { title, meaning, causes, remedies, kind, code } = diagnosis;
    const withCode = code === undefined || said.includes(code) ? said : `${said} (${code})`;
    return [
      {
        severity: 'critical',
        title: `The doctor ${at === 'login' ? 'can’t connect' : 'gets no answer'}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
        evidence: [
          `it said: ${withCode}`,
          ...(kind === 'unknown'
            ? []
            : causes.slice(0, MOST_CAUSES).map((cause) => `perhaps: ${cause}`)),
        ],
        why: meaning,
        remedies: remedies
          .slice(0, MOST_REMEDIES)
          .map((remedy) => forThisHost(remedy, configuration)),
      },
    ];
  },
});
