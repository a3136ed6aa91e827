import type { Family } from '../rule.ts';

/** Nothing known fits. */
export const unknown: Family<'unknown'> = {
  explanations: {
    unknown: {
      title: 'Not a known database failure',
      meaning:
        'Neither the codes nor the words of this error are known. Whether a statement took effect is not known either.',
      causes: [
        'An error of the application itself, or a database error that is not in the catalogue.',
      ],
      remedies: [
        {
          title: 'Look at the whole error, with its causes',
          language: 'ts',
          code: "import { inspect } from 'node:util';\nconsole.error(inspect(error, { depth: 6 })); // may show parameters: not for shared logs",
        },
      ],
      outcome: 'unknown',
      transient: false,
    },
  },
  rules: [],
};
