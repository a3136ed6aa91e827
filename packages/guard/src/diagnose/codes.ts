import { KNOWN_CODES } from './catalogue.ts';
import { conditionsIn } from './conditions.ts';

/** Classes of SQLSTATE as PostgreSQL has them; Node's five letters (EPIPE) are none. */
const SQLSTATE = /^(?:[0-5]\d|0[A-Z]|2[BDF]|3[BDF]|72|F0|HV|P0|XX)[0-9A-Z]{3}$/;
const PRISMA = /^P[1-6]\d{3}$/;

/**
 * Codes that several different failures share, so that the words decide before the code does. All other
 * codes silence the words, which may quote the application's data.
 */
const SHARED = new Set([
  ...['P1002', 'P1010', 'P2010', 'P2028', 'P2036', 'P2037', 'P2039'],
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
  /\b(?:code|errorCode|error_code)['"]?\s{0,3}[:=]\s{0,3}['"`](P[1-6]\d{3})['"`]/g,
  /\bError(?: code)?:\s{0,3}(P[1-6]\d{3})\b/g,
  /\bPrisma(?:Client\w{0,40}Error)?\b[^\n]{0,40}?\b(P[1-6]\d{3})\b/gi,
  /^\s{0,10}(P[1-6]\d{3})(?=:|\s{0,3}$)/g,
];
/** Forms that only a SQLSTATE has: Prisma, Rust, most drivers, PostgreSQL's logs (plain, csv, json), Npgsql, Supavisor. */
const SQLSTATE_IN_TEXT = [
  /\bCode: `([0-9A-Z]{5})`/g,
  /\b(?:Postgre(?:s|SQL)|error code) `([0-9A-Z]{5})`/gi,
  /\bSqlState\("?E?([0-9A-Z]{5})\b/g,
  /\bsql_?state['"]?[ :=[(]{0,3}['"]?([0-9A-Z]{5})\b/gi,
  /\b(?:FATAL|ERROR|PANIC): {1,3}([0-9A-Z]{5}):/g,
  /,(?:FATAL|ERROR|PANIC),([0-9A-Z]{5}),/g,
  /"state_code":\s?"([0-9A-Z]{5})"/g,
  /PostgresException \(0x[0-9A-F]{8}\): ([0-9A-Z]{5}):/g,
  /"C([0-9A-Z]{5})", "M/g,
];
/** Forms that a number of something else may have as well, so that only the codes of the catalogue count. */
const LOOSE_SQLSTATE = /\b(?:FATAL|ERROR|PANIC|fatal)[ :]{1,2}#?([0-9A-Z]{5})[ :]/g;
/** `code: '53300'` is PostgreSQL's only beside its other fields, or within an error of Prisma's. */
const FIELD = /\b(?:code|errorCode|pgCode)['"]?\s{0,3}[:=]\s{0,3}['"]([0-9A-Z]{5})['"]/g;
const POSTGRES_FIELDS =
  /\bseverity\b|\broutine\b|PostgresError|QueryFailedError|PrismaClient(?:Known|Unknown|Init)\w{0,30}Error/;
const LIFEGUARD_IN_TEXT = /\bLIFEGUARD_[A-Z_]{3,40}\b/g;

/** Most lines of a log have nothing that could be a code. */
const ANY_CODE = /\b[CE]?[0-9A-Z]{5}\b|\bLIFEGUARD_/;

/** The codes that a message, log line or stack trace names in a form that leaves no doubt. */
export function codesInText(text: string): string[] {
  const found = new Set(conditionsIn(text));
  if (!ANY_CODE.test(text)) return [...found];
  const collect = (pattern: RegExp, valid: (code: string) => boolean): void => {
    for (const match of text.matchAll(pattern)) {
      const code = match[1] ?? match[0];
      if (valid(code)) found.add(code);
    }
  };
  collect(LIFEGUARD_IN_TEXT, (code) => KNOWN_CODES.has(code));
  for (const pattern of PRISMA_IN_TEXT) collect(pattern, (code) => PRISMA.test(code));
  for (const pattern of SQLSTATE_IN_TEXT) collect(pattern, (code) => SQLSTATE.test(code));
  collect(LOOSE_SQLSTATE, (code) => KNOWN_CODES.has(code));
  if (POSTGRES_FIELDS.test(text)) collect(FIELD, (code) => SQLSTATE.test(code));
  return [...found];
}
