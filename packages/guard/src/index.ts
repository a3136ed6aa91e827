export { diagnose } from './diagnose/diagnose.ts';
export { explainInOneLine } from './diagnose/one-line.ts';
export type { Diagnosis, DiagnosisKind, Outcome, Remedy } from './diagnose/types.ts';
