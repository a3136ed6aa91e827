import { parse } from 'pg-connection-string';
import { OptionsError } from './errors.ts';
import { knownParameters } from './known-parameters.ts';
import { checkScheme } from './scheme.ts';

export interface UrlParameter {
  name: string;
  value: string;
  /** As written, so that what stays in the URL stays as it was. */
  raw: string;
}

export interface ConnectionUrl {
  /** Where the URL came from, for messages. */
  label: string;
  parameters: UrlParameter[];
  warnings: string[];
  /** The URL with only those parameters that `keep` accepts. */
  keeping(keep: (name: string) => boolean): string;
}

const PERCENT_ENCODE =
  "a user or password that holds any of # / ? @ % : must be percent-encoded, e.g. '#' as %23, '@' as %40";
const SECTIONS =
  /^(?<scheme>[^:/?#]+:(?:\/\/)?)(?<authority>[^/?#]*)(?<path>[^?#]*)(?:\?(?<query>[^#]*))?(?<fragment>#.*)?$/s;

/** A line of a .env file, or the command that a hosted database's console offers. */
const PREFIX = /^(?:psql\s+|(?:export\s+)?\w+\s*=\s*)["']?\w+:\/\//;
/** As consoles and templates have it in the password's place. */
const PLACEHOLDER = /\$\{\w+\}|:\$[a-z]\w+@|YOUR[-_]PASSWORD/i;

function readParameters(query: string): UrlParameter[] {
  return query
    .split('&')
    .filter((raw) => raw !== '')
    .map((raw) => {
      const [name = '', value = ''] = [...new URLSearchParams(raw)][0] ?? [];
      return { name, value, raw };
    });
}

/** An '@' behind the host means that the password's own '/', '?' or '#' ended it too early. */
function isPasswordCutShort(path: string, fragment: string, parameters: UrlParameter[]): boolean {
  const strayParameter = ({ name, raw }: UrlParameter) =>
    raw.includes('@') && !knownParameters.has(name);
  return path.includes('@') || fragment.includes('@') || parameters.some(strayParameter);
}

function namesSeveralHosts(host: string): boolean {
  const hosts = host.split(',');
  return hosts.length > 1 && hosts.every((each) => /^[^:]*(:\d+)?$/.test(each));
}

function whyUnparsable(authority: string, host: string): string {
  if (!authority.includes('@') || !/:\d*$/.test(host)) {
    return `is not a valid URL: the port must be a number, and ${PERCENT_ENCODE}`;
  }
  return 'is not a valid URL: check its host and its port, which is at most 65535';
}

// pg-connection-string reads the files that these name, and prints advice about sslmode: both are
// for the moment of connecting, not for a check of the URL's form.
const READS_FILES = new Set(['sslcert', 'sslkey', 'sslrootcert', 'sslmode']);

/**
 * Takes a connection string apart without changing what it does not read.
 *
 * No message quotes the string, because what looks like a host may be half a password.
 * @throws {OptionsError} when node-postgres could not use it, or would take it for another server.
 */
export function readUrl(given: string, label: string): ConnectionUrl {
  const text = given.trim();
  const fail = (reason: string) => new OptionsError(label, `${label} ${reason}`);
  const asItIs = { label, parameters: [], warnings: [], keeping: () => text };
  // A socket folder, optionally with a database after a blank.
  if (text.startsWith('/') && !text.startsWith('//')) return asItIs;
  if (/^["']/.test(text)) throw fail('begins with a quotation mark: remove the quotes around it');
  if (PREFIX.test(text))
    throw fail('has something before the URL: give only what begins with postgresql://');

  const sections = SECTIONS.exec(text)?.groups;
  if (!sections) throw fail('is not a URL: write postgresql://user:password@host:5432/database');
  const { scheme = '', authority = '', path = '', query = '', fragment = '' } = sections;
  const warnings = checkScheme(scheme, fail);
  if (PLACEHOLDER.test(text)) {
    warnings.push('holds a placeholder that was not filled in: put the real value in its place');
  }
  const parameters = readParameters(query);
  if (isPasswordCutShort(path, fragment, parameters)) {
    throw fail(`holds an '@' behind the host: ${PERCENT_ENCODE}`);
  }

  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (namesSeveralHosts(host)) {
    throw fail('names several hosts, which node-postgres does not support: give one');
  }

  const keeping = (keep: (name: string) => boolean) => {
    const kept = parameters.filter(({ name }) => keep(name));
    if (kept.length === parameters.length) return text;
    const rest = kept.length > 0 ? `?${kept.map(({ raw }) => raw).join('&')}` : '';
    return scheme + authority + path + rest + fragment;
  };
  try {
    parse(keeping((name) => !READS_FILES.has(name)));
  } catch (error) {
    // Its message is not passed on: it may hold parts of the string.
    if (error instanceof URIError) throw fail(`holds a stray '%': ${PERCENT_ENCODE}`);
    throw fail(whyUnparsable(authority, host));
  }
  return { label, parameters, warnings, keeping };
}
