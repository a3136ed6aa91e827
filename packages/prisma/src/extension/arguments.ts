import { types } from 'node:util';

/** A call's arguments, and Prisma's copy of them. */
export interface Arguments {
  /** Those that the call was made with: whoever asks at once asks with them. */
  args: unknown;
  /** As they were when the call came; undefined when nobody else can change `args`. */
  copy?: unknown;
}

/**
 * Makes the arguments those that they were when the call came: for who asks later, when the application may have
 * changed its object, for another tenant perhaps.
 */
export function settleArguments(call: Arguments): void {
  if (call.copy === undefined) return;
  call.args = mended(call.copy, call.args);
  call.copy = undefined;
}

/** The copy has lost what values say by `toJSON`: those are the originals. */
function mended(copy: unknown, original: unknown): unknown {
  if (copy === original || typeof copy !== 'object' || copy === null) return copy;
  if (speaksForItself(original)) return original;
  const inner = Object(original) as Record<string, unknown>;
  if (Array.isArray(copy)) return copy.map((each, index) => mended(each, inner[index]));
  if (Object.getPrototypeOf(copy) !== Object.prototype) return copy;
  return Object.fromEntries(
    Object.entries(copy).map(([name, each]) => [name, mended(each, inner[name])]),
  );
}

/** What has a `toJSON` and is copied all the same: dates, decimals and bytes. */
function speaksForItself(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return false;
  const isCopied = types.isDate(value) || ArrayBuffer.isView(value) || 'toFixed' in value;
  return !isCopied && typeof value.toJSON === 'function';
}
