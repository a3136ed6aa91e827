import { sessionStatus } from '../pg-internals.ts';
import { disposerOf, GATE, type ObservedClient } from './observed-client.ts';

/** What belongs to one holder and not to the session. */
const OWN = new Set<string | symbol>([
  'query',
  'release',
  'getTransactionStatus',
  Symbol.asyncDispose,
]);

/**
 * A second object for the same client, so that two holders who overlap for a moment, one that waits
 * for its COMMIT and one that has begun behind it, can be told apart. Whatever is done to it is done
 * to the client; only its statements and its release are its own.
 */
export function secondFace(client: ObservedClient): ObservedClient {
  const own: Partial<Record<string | symbol, unknown>> = {
    query: (config: unknown, values?: unknown, callback?: unknown) =>
      client[GATE]?.query(face, config, values, callback),
    getTransactionStatus: () => client[GATE]?.statusFor(face) ?? sessionStatus(client) ?? null,
    get [Symbol.asyncDispose]() {
      return disposerOf(face);
    },
  };
  const methods = new Map<unknown, unknown>();
  const face: ObservedClient = new Proxy(client, {
    get(target, key) {
      if (OWN.has(key)) return own[key];
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || key === 'constructor') return value;
      let method = methods.get(value);
      if (!method) {
        // `client.on(…)` and the like return the client: whoever goes on with it means this face.
        method = (...args: unknown[]) => {
          const result: unknown = value.apply(target, args);
          return result === target ? face : result;
        };
        methods.set(value, method);
      }
      return method;
    },
    set(target, key, value) {
      if (!OWN.has(key)) return Reflect.set(target, key, value, target);
      own[key] = value;
      return true;
    },
  });
  return face;
}
