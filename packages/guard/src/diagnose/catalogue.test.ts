import { describe, expect, test } from 'vitest';
import { EXPLANATIONS, RULES } from './catalogue.ts';
import { diagnose } from './diagnose.ts';
import { explainInOneLine } from './one-line.ts';
import type { DiagnosisKind, Outcome } from './types.ts';

/** What each kind usually means for a retry. Whoever changes one should mean to. */
const USUALLY: Record<DiagnosisKind, readonly [outcome: Outcome, transient: boolean]> = {
  'app-pool-exhausted': ['not-sent', true],
  'overload-shed': ['not-sent', true],
  'tx-start-timeout': ['not-sent', true],
  'tx-expired': ['failed', false],
  'tx-pool-self-deadlock': ['not-sent', false],
  'client-leak': ['unknown', false],
  'lifecycle-misuse': ['not-sent', false],
  'server-max-connections': ['not-sent', true],
  'role-connection-limit': ['not-sent', true],
  unreachable: ['not-sent', true],
  'server-terminated': ['unknown', true],
  'server-starting': ['not-sent', true],
  'stale-connection': ['unknown', true],
  'idle-in-transaction-killed': ['failed', false],
  'statement-timeout': ['failed', false],
  'lock-timeout': ['failed', true],
  'write-conflict-deadlock': ['failed', true],
  'pooler-max-clients': ['not-sent', true],
  'pooler-session-mode-limit': ['not-sent', true],
  'pooler-queue-timeout': ['not-sent', true],
  'pooler-cannot-reach-server': ['not-sent', true],
  'prepared-statement-pooling': ['failed', false],
  misrouted: ['not-sent', false],
  authentication: ['not-sent', false],
  tls: ['not-sent', false],
  constraint: ['failed', false],
  'not-found': ['failed', false],
  unknown: ['unknown', false],
};

const kinds = Object.keys(USUALLY) as DiagnosisKind[];

describe.each(kinds)('%s', (kind) => {
  const { outcome, transient, title, meaning, causes, remedies } = EXPLANATIONS[kind];

  test('has its outcome', () => {
    expect([outcome, transient]).toEqual(USUALLY[kind]);
  });

  test('is explained, with something to paste', () => {
    expect(title).not.toBe('');
    expect(meaning).toMatch(/\.$/);
    expect(causes.length).toBeGreaterThan(0);
    expect(
      remedies.some(({ code, language }) => code !== undefined && language !== undefined),
    ).toBe(true);
  });

  test('is recognised by a rule, unless it is the unknown', () => {
    expect(RULES.some((rule) => rule.kind === kind)).toBe(kind !== 'unknown');
  });
});

test('a code belongs to one rule', () => {
  const codes = RULES.flatMap((rule) => rule.codes ?? []);
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
});

test('each code is found by itself', () => {
  for (const rule of RULES) {
    for (const full of rule.codes ?? []) {
      const [code, detail] = full.split(':');
      const found = diagnose({ code, syscall: detail, meta: { reason: detail } });
      expect([full, found.kind, found.code]).toEqual([full, rule.kind, code]);
    }
  }
});

test('a diagnosis is the caller’s own copy', () => {
  const first = diagnose('P2024');
  first.causes.length = 0;
  first.remedies.length = 0;
  expect(diagnose('P2024').causes).not.toEqual([]);
  expect(diagnose('P2024').remedies).not.toEqual([]);
});

test('one line says what, why and what to do', () => {
  const line = explainInOneLine(diagnose('P2024'));
  expect(line).toMatch(
    /^app-pool-exhausted \(P2024\): No connection .* Likely: One request .* First: See what/,
  );
  for (const kind of kinds) {
    expect(
      explainInOneLine({ kind, ...structuredClone(EXPLANATIONS[kind]) } as never),
    ).not.toContain('\n');
  }
});
