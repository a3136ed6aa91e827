import type { Entry } from './entry.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Where loggers put the error, the words, and the time: pino, winston, bunyan, GCP, ECS, Lambda, Docker. */
const ERRORS = ['err', 'error', 'exception', 'cause', 'jsonPayload'];
const WORDS = [
  'msg',
  'message',
  'errorMessage',
  'textPayload',
  'log',
  'event_message',
  'event',
  'line',
];
const STACKS = ['stack', 'stackTrace', 'stack_trace', 'error.stack_trace'];
const TIMES = ['time', 'timestamp', '@timestamp', 'ts', 'date', 'datetime', 't'];

/** A line of JSON as an entry; undefined when it is none. */
export function readJsonLine(line: string): Entry | undefined {
  const fields = parse(line);
  if (!fields) return undefined;
  const time = timeOf(first(fields, TIMES));
  const error = first(fields, ERRORS);
  const words = [first(fields, WORDS), isFields(error) ? error.message : error, stackOf(fields)];
  if (isFields(error)) words.push(stackOf(error));
  const text = [...new Set(words.filter((word) => typeof word === 'string'))].join('\n').trim();
  return { text, time, structured: structuredOf(fields, error) };
}

/** The error as an object; a logger that spreads it over its line has it there. */
function structuredOf(fields: Fields, error: unknown): object {
  const found = isFields(error) ? error : fields;
  const message = first(found, WORDS) ?? first(fields, WORDS);
  return typeof message === 'string' ? { ...found, message } : found;
}

function stackOf(fields: Fields): unknown {
  const stack = first(fields, STACKS);
  return Array.isArray(stack) ? stack.join('\n') : stack;
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 1e11 ? value : value * 1_000;
  if (typeof value !== 'string') return undefined;
  const time = /^\d{13}$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

function first(fields: Fields, names: readonly string[]): unknown {
  const name = names.find((one) => fields[one] !== undefined && fields[one] !== null);
  return name === undefined ? undefined : fields[name];
}

function parse(line: string): Fields | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
