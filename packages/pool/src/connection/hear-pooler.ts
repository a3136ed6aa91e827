import type { EventEmitter } from 'node:events';

const PREFIX = 'pgbouncer.';

/**
 * Listens to what a pooler says of itself at login, as PgBouncer does since 1.26. Call it before the login, and what comes
 * back after it: its settings, such as `pool_mode`; none of whoever says nothing.
 *
 * @param wire pg's `client.connection`.
 */
export function hearPooler(
  wire: Pick<EventEmitter, 'on' | 'off'> | undefined,
): () => ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  const hear = ({ parameterName: name, parameterValue }: ParameterStatus) => {
    if (name.startsWith(PREFIX)) said.set(name.slice(PREFIX.length), parameterValue);
  };
  wire?.on('parameterStatus', hear);
  return () => {
    wire?.off('parameterStatus', hear);
    return said;
  };
}

interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}
