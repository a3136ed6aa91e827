import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../frame/user-error.ts';
import { againstSchema } from '../../testing/schemas/validate.ts';
import { RULES } from '../rules/catalogue.ts';
import { parseSettings, readSettings } from './read-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schemaComplaints = againstSchema('lifeguard.config.schema.json');
const parse = (doctor: unknown) =>
  parseSettings(JSON.stringify({ doctor }), 'lifeguard.config.json', RULES);

test('tunes and silences rules', () => {
  const doctor = {
    instances: 4,
    overlap: 1.25,
    databaseCores: 8,
    failOn: 'warning',
    rules: {
      bloat: 'off',
      'no-application-name': 'warning',
      'unused-index': { severity: 'warning', thresholds: { days: 30 }, ignore: ['public.audit_*'] },
    },
  };
  expect(schemaComplaints({ $schema: 'x', doctor })).toEqual([]);
  expect(parse(doctor)).toEqual({
    ...doctor,
    rules: {
      ...doctor.rules,
      bloat: { off: true },
      'no-application-name': { severity: 'warning' },
    },
  });
});

describe('refused, by the schema too, in one line that names the place and what may stand there', () => {
  test.each([
    [{ instance: 4 }, 'doctor.instance: there is no such setting; did you mean instances?'],
    [{ instances: 0 }, 'doctor.instances must be a whole number from 1 to 100000'],
    [{ instances: 1.5 }, 'doctor.instances must be a whole number'],
    [{ overlap: '2' }, 'doctor.overlap must be a number from 1 to 10'],
    [{ failOn: 'error' }, 'doctor.failOn must be one of critical, warning, info, never'],
    [
      { rules: { 'unusd-index': 'off' } },
      'rules.unusd-index: there is no such rule; did you mean unused-index?',
    ],
    [{ rules: { bloat: 'on' } }, 'rules.bloat must be one of off, critical, warning, info'],
    [{ rules: { bloat: true } }, 'rules.bloat must be an object'],
    [
      { rules: { bloat: { thresholds: { deadrows: 1 } } } },
      'thresholds.deadrows: there is no such threshold; did you mean deadRows?',
    ],
    [
      { rules: { bloat: { thresholds: { percent: -1 } } } },
      'percent must be a number of 0 or more',
    ],
    [{ rules: { bloat: { ignore: 'x' } } }, 'ignore must be a list of names'],
    [
      { rules: { 'server-full': { ignore: ['x'] } } },
      'server-full.ignore: there is no such setting',
    ],
    [[], 'doctor must be an object'],
  ])('%j', (doctor, words) => {
    expect(() => parse(doctor)).toThrow(UserError);
    expect(() => parse(doctor)).toThrow(words);
    expect(() => parse(doctor)).toThrow(/^lifeguard\.config\.json: doctor[^\n]*$/);
    expect(schemaComplaints({ doctor })).not.toEqual([]);
  });

  test('not JSON, unknown at the top', () => {
    expect(() => parseSettings('{', 'a.json', RULES)).toThrow(/^a\.json is not JSON: /);
    expect(() => parseSettings('{"docter":{}}', 'a.json', RULES)).toThrow(
      'a.json.docter: there is no such setting; did you mean doctor?',
    );
  });
});

test('the file that is named, else the one of the folder, else nothing', () => {
  expect(readSettings(undefined, folder, RULES)).toEqual({ rules: {} });
  expect(() => readSettings(join(folder, 'x.json'), folder, RULES)).toThrow(
    /--config .*x\.json: there is no such file/,
  );
  writeFileSync(join(folder, 'lifeguard.config.json'), '{"doctor":{"instances":3}}');
  expect(readSettings(undefined, folder, RULES)).toEqual({ instances: 3, rules: {} });
  writeFileSync(join(folder, 'x.json'), '{}');
  expect(readSettings(join(folder, 'x.json'), folder, RULES)).toEqual({ rules: {} });
});
