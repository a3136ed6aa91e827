/** A value as the store keeps it. */
export class Entry {
  /** The encoded value. */
  readonly text: string;
  /** When the source was asked, in milliseconds since 1970: the value can't be older. */
  readonly readAt: number;

  constructor(text: string, readAt: number) {
    this.text = text;
    this.readAt = readAt;
  }
}

/** What bentocache keeps under a key; `value` is an Entry, or a number for its own records of tags. */
interface Item {
  readonly value: unknown;
  readonly createdAt: number;
  readonly logicalExpiration?: number;
  readonly tags?: string[];
}

interface Head {
  readonly createdAt: number;
  readonly logicalExpiration?: number;
  readonly tags?: string[];
}

/** Of an item that can't be read: expired, so that it is a miss, and invalidated by whatever it is tagged with. */
const UNREADABLE: Item = { value: undefined, createdAt: 0, logicalExpiration: 0 };
const ENTRY = '1';
const OTHER = '0';

/**
 * Items as text. An entry is a line of JSON about it and then its text as it is, so that looking at its age
 * costs no parsing of the value.
 *
 * An entry counts as created when its source was asked, not when it was written: whatever was invalidated
 * in between is then older than the invalidation, in whichever process that happened.
 */
export const itemSerializer = {
  serialize(item: Item): string {
    const { value, logicalExpiration, tags } = item;
    if (!(value instanceof Entry)) return OTHER + JSON.stringify(item);
    const head: Head = {
      createdAt: value.readAt,
      ...(logicalExpiration !== undefined && { logicalExpiration }),
      ...(tags && tags.length > 0 && { tags }),
    };
    return `${ENTRY}${JSON.stringify(head)}\n${value.text}`;
  },

  deserialize(text: unknown): Item {
    if (typeof text !== 'string') return UNREADABLE;
    try {
      if (text.startsWith(OTHER)) return JSON.parse(text.slice(1));
      const end = text.indexOf('\n');
      if (!text.startsWith(ENTRY) || end < 0) return UNREADABLE;
      const head: Head = JSON.parse(text.slice(1, end));
      return { ...head, value: new Entry(text.slice(end + 1), head.createdAt) };
    } catch {
      return UNREADABLE;
    }
  },
};
