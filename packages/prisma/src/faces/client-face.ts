import type { ExtensibleClient } from '../extension/client.ts';
import { modelFace } from './model-face.ts';
import type { CallRegistry } from './operation-calls.ts';
import { noted } from './operation-promise.ts';

const RAW = new Set([
  '$queryRaw',
  '$queryRawUnsafe',
  '$queryRawTyped',
  '$executeRaw',
  '$executeRawUnsafe',
]);

const faces = new WeakSet<object>();

type Members = Record<string | symbol, unknown>;
type Method = (...args: unknown[]) => unknown;

/**
 * A client as the application sees it: Prisma's own, whose operations note where they are called. That is
 * known only while the application's frame is on the stack. Prisma's promises are lazy, and its hooks run
 * when somebody awaits one, which is later.
 */
export function clientFace<C extends ExtensibleClient>(client: C, registry: CallRegistry): C {
  if (faces.has(client)) return client;
  const made = new Map<string | symbol, unknown>();
  const face = new Proxy(client as unknown as Members, {
    get(target, key) {
      const known = made.get(key);
      if (known) return known;
      const value = target[key];
      const member = typeof key === 'string' ? faceOf(key, value, registry) : undefined;
      if (member) made.set(key, member);
      return member ?? value;
    },
    set(target, key, value) {
      made.delete(key);
      return Reflect.set(target, key, value);
    },
    defineProperty(target, key, descriptor) {
      made.delete(key);
      return Reflect.defineProperty(target, key, descriptor);
    },
    deleteProperty(target, key) {
      made.delete(key);
      return Reflect.deleteProperty(target, key);
    },
  });
  faces.add(face);
  return face as unknown as C;
}

/** What stands in place of a member; undefined: the member itself. */
function faceOf(key: string, value: unknown, registry: CallRegistry): unknown {
  if (typeof value !== 'function') {
    return isModel(key, value) ? modelFace(value, value.$name, registry) : undefined;
  }
  if (RAW.has(key)) return notedRaw(value as Method, key, registry);
  if (key === '$extends') return extended(value as Method, registry);
  return undefined;
}

function isModel(key: string, value: unknown): value is { readonly $name: string } {
  if (key.startsWith('$') || key.startsWith('_')) return false;
  return typeof value === 'object' && value !== null && '$name' in value && 'findMany' in value;
}

function notedRaw(method: Method, operation: string, registry: CallRegistry): Method {
  const calls = registry.of({ operation });
  return function noting(this: unknown, ...args: unknown[]): unknown {
    return noted(method.apply(this, args), calls, noting);
  };
}

/** Whatever is made of the client has a face as well. */
function extended($extends: Method, registry: CallRegistry): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const client = $extends.apply(this, args);
    return isClient(client) ? clientFace(client, registry) : client;
  };
}

function isClient(value: unknown): value is ExtensibleClient {
  return typeof value === 'object' && value !== null && '$extends' in value;
}
