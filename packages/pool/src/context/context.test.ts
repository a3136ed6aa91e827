import { expect, test, vi } from 'vitest';
import { CheckoutRequest } from '../queue/checkout-request.ts';
import { currentContext, withDeadline, withOwner, withPriority } from './context.ts';

test('a priority goes along with what else is known of a caller, and the inner one counts', () => {
  withOwner('job', () =>
    withPriority('background', () =>
      withDeadline(1_000, () => {
        expect(currentContext()).toMatchObject({ owner: { label: 'job' }, priority: 'background' });
        withPriority('interactive', () => expect(currentContext()?.priority).toBe('interactive'));
      }),
    ),
  );
});

test('the priority of one call goes before that of its context', () => {
  const priorityOf = (...given: ('interactive' | 'background')[]) =>
    new CheckoutRequest(0, Infinity, currentContext(), () => {}, ...given).priority;
  expect(priorityOf()).toBe('interactive');
  withPriority('background', () => {
    expect(priorityOf()).toBe('background');
    expect(priorityOf('interactive')).toBe('interactive');
  });
});

test('a deadline that is no number, or a priority that is none, is refused', () => {
  const run = vi.fn();
  for (const millis of [Number.NaN, undefined, '5']) {
    const withThat = () => withDeadline(millis as number, run);
    expect(withThat).toThrow(`withDeadline takes a number of milliseconds, not ${millis}`);
  }
  expect(() => withPriority('backgroud' as 'background', run)).toThrow('not backgroud');
  expect(run).not.toHaveBeenCalled();
});
