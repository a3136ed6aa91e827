/** What a holder gives to `client.query`: pg takes it in several forms. */

export type Callback = (error: Error | null | undefined, result?: unknown) => void;

/** Of a plain statement; undefined for a submittable, which is a conversation of its own. */
export function textOf(config: unknown): string | undefined {
  if (typeof config === 'string') return config;
  const { text, submit } = Object(config) as { text?: unknown; submit?: unknown };
  return typeof text === 'string' && typeof submit !== 'function' ? text : undefined;
}

export function callbackOf(
  config: unknown,
  values: unknown,
  callback: unknown,
): Callback | undefined {
  const given = [callback, values, Object(config).callback];
  return given.find(isFunction) as Callback | undefined;
}

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
