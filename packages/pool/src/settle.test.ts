import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import { withoutStack } from './errors/without-stack.ts';
import { type Settle, settleTo } from './settle.ts';

const later = (refuse: Settle<never>) => setImmediate(refuse, makeElsewhere());

function makeElsewhere(): Error {
  return withoutStack(() => new Error('refused'));
}

async function askForSomething(): Promise<never> {
  return (await settleTo<never>(Promise, undefined, later)) as never;
}

describe('settleTo', () => {
  test('the stack of a refusal leads to whoever awaits the promise, not to where it was made', async () => {
    const error: Error = await askForSomething().catch((refused) => refused);
    expect(error.stack).toMatch(/^Error: refused\n\s+at (?:async )?askForSomething/);
    expect(error.stack).not.toContain('makeElsewhere');
  });

  test('what is thrown and is no error stays as it is', async () => {
    const refuse = (settle: Settle<never>) => settle('no error' as never);
    await expect(settleTo(Promise, undefined, refuse)).rejects.toBe('no error');
  });

  test('a callback runs in the context of its caller, and apart from the pool', async () => {
    const storage = new AsyncLocalStorage<string>();
    let settle: Settle<number> = () => {};
    const told = new Promise((resolve) => {
      storage.run('caller', () =>
        settleTo<number>(
          Promise,
          (_, value) => resolve([value, storage.getStore()]),
          (given) => {
            settle = given;
          },
        ),
      );
    });
    storage.run('pool', () => settle(undefined, 1));
    expect(await told).toEqual([1, 'caller']);
  });
});

describe('withoutStack', () => {
  test('leaves the limit as it was, also when making fails', () => {
    const { stackTraceLimit } = Error;
    expect(makeElsewhere().stack).toBe('Error: refused');
    const fail = () => {
      throw new Error('of the constructor');
    };
    expect(() => withoutStack(fail)).toThrow('of the constructor');
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    expect(new Error('after').stack).toContain('settle.test');
  });
});
