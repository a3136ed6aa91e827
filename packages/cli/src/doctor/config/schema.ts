import { SEVERITIES } from '../report/finding.ts';
import type { Rule } from '../rules/rule.ts';
import { NUMBERS } from './read-settings.ts';
import { FAIL_ON } from './settings.ts';

/** The JSON schema of lifeguard.config.json, for editors; made of the rules, kept in `schemas/`. */
export function configSchema(rules: readonly Rule[]): object {
  const numbers = Object.fromEntries(
    Object.entries(NUMBERS).map(([name, { least, most, whole }]) => [
      name,
      { type: whole ? 'integer' : 'number', minimum: least, maximum: most },
    ]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'lifeguard.config.json',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      doctor: {
        type: 'object',
        additionalProperties: false,
        properties: {
          ...numbers,
          failOn: { enum: FAIL_ON },
          rules: {
            type: 'object',
            additionalProperties: false,
            properties: Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
          },
        },
      },
    },
  };
}

function ruleSchema({ finds, thresholds, ignores }: Rule): object {
  return {
    description: finds,
    oneOf: [
      { enum: ['off', ...SEVERITIES] },
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          severity: { enum: SEVERITIES },
          thresholds: {
            type: 'object',
            additionalProperties: false,
            properties: Object.fromEntries(
              Object.entries(thresholds).map(([name, { value, unit, means }]) => [
                name,
                { type: 'number', minimum: 0, default: value, description: `${unit}: ${means}` },
              ]),
            ),
          },
          ...(ignores && {
            ignore: {
              type: 'array',
              items: { type: 'string' },
              description: `${ignores} to leave out; * stands for anything`,
            },
          }),
        },
      },
    ],
  };
}
