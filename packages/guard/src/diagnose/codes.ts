import { KNOWN_CODES } from './catalogue.ts';

/** Classes of SQLSTATE as PostgreSQL has them; Node's five letters (EPIPE) are none. */
const SQLSTATE = /^(?:[0-5]\d|72|F0|HV|P0|XX)[0-9A-Z]{3}$/;
const PRISMA = /^P[1-6]\d{3}$/;

/**
 * Codes that several different failures share, so that the words decide before the code does. All other
 * codes silence the words, which may quote the application's data.
 */
const SHARED = new Set([
  ...['P1010', 'P2010', 'P2028', 'P2036', 'P2037', 'P2039'],
  ...['08000', '08001', '08003', '08004', '08006', '08P01'],
  ...['0A000', '28000', '40001', '53300', '55P03', '57014', '58000', 'XX000'],
]);

export function isDatabaseCode(code: string): boolean {
  return isServerCode(code) || KNOWN_CODES.has(code);
}

/** Whether the code alone shows that PostgreSQL or Prisma spoke. */
export function isServerCode(code: string): boolean {
  return PRISMA.test(code) || SQLSTATE.test(code);
}

/** Whether the words of a layer may be read beside its codes. */
export function wordsMayDecide(codes: readonly string[]): boolean {
  return codes.every((code) => SHARED.has(code) || !isDatabaseCode(code));
}

/** A code that only wraps another one. */
export function isSharedCode(code: string): boolean {
  return SHARED.has(code);
}

const PRISMA_IN_TEXT = [
  /\b(?:code|errorCode|error_code)\\?['"]?\s{0,3}[:=]\s{0,3}\\?['"`](P[1-6]\d{3})\\?['"`]/g,
  /\bError(?: code)?:\s{0,3}(P[1-6]\d{3})\b/g,
  /\bPrismaClient\w{0,40}Error\b[^\n]{0,40}?\b(P[1-6]\d{3})\b/g,
  /^\s{0,10}(P[1-6]\d{3})(?=:|\s{0,3}$)/g,
];
const SQLSTATE_IN_TEXT = [
  /\bCode: `([0-9A-Z]{5})`/g,
  /\bSqlState\(\\?"?E?([0-9A-Z]{5})\b/g,
  /\bSQLSTATE[ :=[(]{0,3}([0-9A-Z]{5})\b/g,
  /\b(?:FATAL|ERROR|PANIC):\s{1,3}([0-9A-Z]{5}):/g,
];
/** `code: '53300'` is PostgreSQL's only beside its other fields. */
const FIELD = /\bcode\\?['"]?\s{0,3}[:=]\s{0,3}\\?['"]([0-9A-Z]{5})\\?['"]/g;
const POSTGRES_FIELDS = /\bseverity\b|\broutine\b|PostgresError|QueryFailedError/;
const LIFEGUARD_IN_TEXT = /\bLIFEGUARD_[A-Z_]{3,40}\b/g;

/** The codes that a message, log line or stack trace names in a form that leaves no doubt. */
export function codesInText(text: string): string[] {
  const found = new Set<string>();
  const collect = (pattern: RegExp, valid: (code: string) => boolean): void => {
    for (const match of text.matchAll(pattern)) {
      const code = match[1] ?? match[0];
      if (valid(code)) found.add(code);
    }
  };
  collect(LIFEGUARD_IN_TEXT, (code) => KNOWN_CODES.has(code));
  for (const pattern of PRISMA_IN_TEXT) collect(pattern, (code) => PRISMA.test(code));
  for (const pattern of SQLSTATE_IN_TEXT) collect(pattern, (code) => SQLSTATE.test(code));
  if (POSTGRES_FIELDS.test(text)) collect(FIELD, (code) => SQLSTATE.test(code));
  return [...found];
}
