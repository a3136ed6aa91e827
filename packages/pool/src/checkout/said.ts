import type { QueryClasses } from '../connection/query-classes.ts';

/** What a holder gives to `client.query`: pg takes it in several forms. */

export type Callback = (error: Error | null | undefined, result?: unknown) => void;

/** Of a plain statement; undefined for a submittable, which is a conversation of its own. */
export function textOf(config: unknown): string | undefined {
  if (typeof config === 'string') return config;
  const { text, submit } = Object(config) as { text?: unknown; submit?: unknown };
  return typeof text === 'string' && typeof submit !== 'function' ? text : undefined;
}

/** As it is now: its caller may use the object again for the next statement. pg takes its copies in the same way. */
export function asSaid(config: unknown): unknown {
  if (typeof config !== 'object' || config === null || isSubmittable(config)) return config;
  const properties: { values?: PropertyDescriptor } = Object.getOwnPropertyDescriptors(config);
  const { values } = properties;
  if (values && 'value' in values) values.value = valuesAsSaid(values.value);
  return Object.create(Object.getPrototypeOf(config), properties as PropertyDescriptorMap);
}

/** Or a callback in their place. */
export function valuesAsSaid(values: unknown): unknown {
  return Array.isArray(values) ? [...values] : values;
}

/** What a conversation of another kind says, where it tells: pg's own Query, a cursor, COPY; a stream of rows has a cursor. */
export function submittedText(config: unknown): string | undefined {
  const { text, cursor } = Object(config) as { text?: unknown; cursor?: { text?: unknown } };
  const said = text ?? cursor?.text;
  return typeof said === 'string' ? said : undefined;
}

/** It goes on as its holder pleases: the server may have to wait for that, and not the holder for the server. */
export function isDialogue(config: unknown, { PgQuery }: Pick<QueryClasses, 'PgQuery'>): boolean {
  return typeof config === 'object' && !(config instanceof PgQuery) && isSubmittable(config);
}

export function isSubmittable(config: unknown): boolean {
  return typeof (config as { submit?: unknown } | null)?.submit === 'function';
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
