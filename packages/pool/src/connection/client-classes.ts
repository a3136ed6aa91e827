import type { ClientClass, PgModule, QueryClass } from '../pg-internals.ts';
import { type ObservedClientClass, observeClient } from './observed-client.ts';
import { type QueryClasses, queryClasses } from './query-classes.ts';

/** What the pool makes of one class of clients. */
export interface ClientClasses {
  readonly Client: ObservedClientClass;
  readonly queries: QueryClasses;
}

/** Made once for each class: most pools of a program have the same. */
export function classesOf(module: PgModule): (Client: ClientClass) => ClientClasses {
  const known = new WeakMap<ClientClass, ClientClasses>();
  return (Client) => {
    let classes = known.get(Client);
    if (!classes) {
      const queries = queryClasses(queryClass(Client, module), module.utils.prepareValue);
      classes = { Client: observeClient(Client), queries };
      known.set(Client, classes);
    }
    return classes;
  };
}

/** A `Client` option of another kind may bring no query class. */
function queryClass(Client: ClientClass, module: PgModule): QueryClass {
  return Client.Query ?? (module.Client as unknown as { Query: QueryClass }).Query;
}
