import { lowerFirst } from '../../../terminal/words.ts';
import { defineRule } from '../rule.ts';

const MOST_CAUSES = 3;
const MOST_REMEDIES = 3;

export const cannotConnect = defineRule({
  id: 'cannot-connect',
  source: 'server',
  finds: 'A server to which no connection comes about, with what the failure means.',
  why: 'What the doctor can’t reach, the application can’t reach either, unless it runs elsewhere.',
  severities: ['critical'],
  needs: ['connectFailure'],
  thresholds: {},
  find({ connectFailure: { at, said, diagnosis } }) {
    const { title, meaning, causes, remedies, kind, code } = diagnosis;
    const withCode = code === undefined || said.includes(code) ? said : `${said} (${code})`;
    return [
      {
        severity: 'critical',
        title: `The doctor ${at === 'login' ? 'can’t connect' : 'gets no answer'}: ${lowerFirst(title)}`,
        evidence: [
          `it said: ${withCode}`,
          ...(kind === 'unknown'
            ? []
            : causes.slice(0, MOST_CAUSES).map((cause) => `perhaps: ${cause}`)),
        ],
        why: meaning,
        remedies: remedies.slice(0, MOST_REMEDIES),
      },
    ];
  },
});
