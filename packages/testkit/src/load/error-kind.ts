/** The short name under which a failure is counted: its `kind`, else `code` (also its cause's), else name. */
export function errorKind(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (
    textOf(error, 'kind') ?? textOf(error, 'code') ?? textOf(error.cause, 'code') ?? error.name
  );
}

function textOf(value: unknown, property: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(property in value)) return undefined;
  const text: unknown = Reflect.get(value, property);
  return typeof text === 'string' ? text : undefined;
}
