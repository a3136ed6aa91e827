import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from './progress.ts';

let written = '';
function streamOf(isTTY: boolean): NodeJS.WriteStream {
  const write = (text: string) => {
    written += text;
    return true;
  };
  return { isTTY, write } as unknown as NodeJS.WriteStream;
}

beforeEach(() => {
  written = '';
  vi.useFakeTimers({
    toFake: ['setTimeout', 'setInterval', 'clearInterval', 'clearTimeout', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test('says nothing of what is soon done', () => {
  const progress = new Progress({ stream: streamOf(false), quietMillis: 1_000 });
  progress.show('connecting');
  vi.advanceTimersByTime(900);
  progress.show('looking');
  progress.end();
  vi.advanceTimersByTime(5_000);
  expect(written).toBe('');
});

test('a line for each step into a pipe, the last one after the quiet time', () => {
  const progress = new Progress({ stream: streamOf(false), quietMillis: 1_000 });
  progress.show('connecting');
  progress.show('looking');
  vi.advanceTimersByTime(3_000);
  progress.show('thinking');
  progress.end();
  expect(written).toBe('   1 s looking\n   3 s thinking\n');
});

test('one line on a terminal, whose seconds go on, and which is gone at the end', () => {
  const progress = new Progress({ stream: streamOf(true), quietMillis: 1_000 });
  progress.show('looking');
  vi.advanceTimersByTime(2_000);
  const drawn = written.split('\r\u001b[K').map((line) => stripVTControlCharacters(line));
  expect(drawn).toEqual(['', '   1 s looking', '   2 s looking']);
  progress.end();
  expect(written.endsWith('\r\u001b[K')).toBe(true);
});
