import { foreignNames, ignoredParameters, knownParameters } from './known-parameters.ts';
import { nearestName } from './nearest.ts';
import { optionNames, optionTable } from './table.ts';
import type { OptionWarning } from './types.ts';
import type { ConnectionUrl } from './url.ts';

// A name that is longer or stranger is not repeated: it may be the rest of a cut password.
const REPEATABLE_NAME = /^[\w.-]{1,40}$/;

function meant(name: string, known: Iterable<string>): string | undefined {
  return foreignNames.get(name.toLowerCase().replaceAll('_', '')) ?? nearestName(name, known);
}

/** Warns about every URL parameter that neither Lifeguard nor node-postgres reads. */
export function warnOfParameters({ label, parameters }: ConnectionUrl): OptionWarning[] {
  const warnings: OptionWarning[] = [];
  const seen = new Map<string, string>();
  for (const { name, value } of parameters) {
    const earlier = seen.get(name);
    if (earlier !== undefined && earlier !== value && knownParameters.has(name)) {
      const message = `${name} stands twice in ${label}, the last one counts; remove one of them`;
      warnings.push({ parameter: name, message });
    }
    seen.set(name, value);
    if (earlier === undefined) warnings.push(...warnOfName(name, label));
  }
  return warnings;
}

function warnOfName(name: string, label: string): OptionWarning[] {
  const remedy = ignoredParameters.get(name);
  if (remedy !== undefined) {
    const message = `${name} in ${label} is not supported by node-postgres and ignored; ${remedy}`;
    return [{ parameter: name, message }];
  }
  if (knownParameters.has(name)) return [];
  if (!REPEATABLE_NAME.test(name)) {
    const message = `${label} has a parameter with an unusual name, which is ignored; check what follows its '?'`;
    return [{ parameter: label, message, unknown: true }];
  }
  const nearest = meant(name, knownParameters);
  const advice = nearest === undefined ? 'leave it out' : `did you mean ${nearest}?`;
  const message = `${name} in ${label} is not known and ignored; ${advice}`;
  return [{ parameter: name, message, unknown: true }];
}

const codeNames: ReadonlySet<string> = new Set([
  ...optionNames.flatMap((option) => optionTable[option].code.map(({ name }) => name)),
  ...['user', 'database', 'password', 'port', 'host', 'connectionString', 'stream', 'ssl', 'types'],
  ...['enableChannelBinding', 'sslnegotiation', 'query_timeout', 'lock_timeout', 'options'],
  ...['idle_in_transaction_session_timeout', 'fallback_application_name', 'client_encoding'],
  ...['pipeline', 'log', 'Promise', 'Client', 'onConnect', 'verify', 'binary', 'replication'],
]);

/** Warns about typing mistakes in code; other unknown names may be for a Client of the user's own. */
export function warnOfCodeNames(code: object): OptionWarning[] {
  return Object.keys(code).flatMap((name) => {
    if (codeNames.has(name) || name === 'connection') return [];
    const nearest = nearestName(name, codeNames);
    if (nearest === undefined) return [];
    const message = `${name} in code is not known and ignored; did you mean ${nearest}?`;
    return [{ parameter: name, message, unknown: true }];
  });
}
