import type { CallRegistry, OperationCalls } from './operation-calls.ts';
import { noted } from './operation-promise.ts';

type Methods = Record<string | symbol, unknown>;

/**
 * One model of a client as the application sees it: Prisma's own, and each of its operations notes where
 * it is called. Prisma makes a function anew whenever one is asked for; here each is made once.
 */
export function modelFace(model: object, name: string, registry: CallRegistry): object {
  let made = new Map<string | symbol, unknown>();
  const forget = () => {
    made = new Map();
  };
  return new Proxy(model as Methods, {
    get(target, key, face) {
      const known = made.get(key);
      if (known) return known;
      const value = target[key];
      if (typeof value !== 'function' || typeof key === 'symbol') return value;
      const calls = registry.of({ model: name, operation: key });
      const method = notedMethod(value as Method, calls, face);
      made.set(key, method);
      return method;
    },
    // A test replaces a method by one of its own.
    set(target, key, value) {
      forget();
      return Reflect.set(target, key, value);
    },
    defineProperty(target, key, descriptor) {
      forget();
      return Reflect.defineProperty(target, key, descriptor);
    },
    deleteProperty(target, key) {
      forget();
      return Reflect.deleteProperty(target, key);
    },
  });
}

type Method = (...args: unknown[]) => unknown;

/** Prisma's functions need no `this`; those of other extensions find the face there. */
function notedMethod(method: Method, calls: OperationCalls, face: unknown): Method {
  return function noting(this: unknown, ...args: unknown[]): unknown {
    return noted(method.apply(this ?? face, args), calls, noting);
  };
}
