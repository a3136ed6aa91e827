/** A piece of code that is written as it is. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Where a value is what the application's users typed, or what is looked for: it is never written. */
const OMITTED = '…';
/** These say how something is asked for, not what. */
const OPEN = ['select', 'include', 'omit', 'orderBy', 'take', 'skip', 'by', 'distinct', '_count'];
const AGGREGATES = ['_sum', '_avg', '_min', '_max'];
const STRUCTURE = new Set([...OPEN, ...AGGREGATES, 'skipDuplicates', 'relationLoadStrategy']);
const MOST_KEYS = 8;
const MOST_DEPTH = 5;

/**
 * The arguments of a call as code, without values: `{ where: { authorId: … }, take: 5 }`. Names of fields are
 * kept, and what only says how to ask: `take`, `orderBy`, `select`.
 */
export function written(args: unknown): string {
  return write(args, false, 0);
}

function write(value: unknown, isOpen: boolean, depth: number): string {
  if (value instanceof Code) return value.text;
  if (typeof value === 'boolean' || value === null) return `${value}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const [first] = value;
    if (value.length === 1 || isOpen) {
      return `[${value.map((item) => write(item, isOpen, depth + 1)).join(', ')}]`;
    }
    return isPlain(first) && depth < MOST_DEPTH ? `[${write(first, false, depth + 1)}, …]` : '[…]';
  }
  if (isPlain(value)) return writeObject(value, isOpen, depth);
  if (!isOpen) return OMITTED;
  return typeof value === 'string' ? `'${value}'` : `${value}`;
}

function writeObject(value: Record<string, unknown>, isOpen: boolean, depth: number): string {
  if (depth >= MOST_DEPTH) return '{ … }';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const shown = entries.slice(0, MOST_KEYS).map(([key, item]) => {
    // What is selected may be filtered as well: a `where` in it holds values again.
    const isNowOpen = key === 'where' || key === 'data' ? false : isOpen || STRUCTURE.has(key);
    const text = write(item, isNowOpen, depth + 1);
    return text === key ? key : `${key}: ${text}`;
  });
  return `{ ${shown.join(', ')}${entries.length > MOST_KEYS ? ', …' : ''} }`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
