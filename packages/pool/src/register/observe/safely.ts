import { say } from '../say.ts';

/** Whatever happens in measuring, what is measured goes on: a defect is told in one line on stderr. */
export function safely<T>(measure: () => T): T | undefined {
  try {
    return measure();
  } catch (error) {
    say(`a measurement failed, and the statistics are wrong from here: ${error}`);
    return undefined;
  }
}
