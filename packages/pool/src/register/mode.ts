export type Mode = 'protect' | 'observe' | 'off';

const MODES: ReadonlyMap<string, Mode> = new Map([
  // An empty variable is how shells and containers unset one.
  ['', 'protect'],
  ['protect', 'protect'],
  ['on', 'protect'],
  ['1', 'protect'],
  ['true', 'protect'],
  ['observe', 'observe'],
  ['off', 'off'],
  ['0', 'off'],
  ['false', 'off'],
]);

export interface ModeChoice {
  readonly mode: Mode;
  /** What is wrong with the value, in one line. */
  readonly problem?: string;
}

/**
 * Reads `LIFEGUARD`. A value that means nothing is no reason to stop somebody's application, nor to
 * do what it may have been meant to prevent: it counts as off.
 */
export function readMode(value = ''): ModeChoice {
  const mode = MODES.get(value.trim().toLowerCase());
  if (mode) return { mode };
  // Longer or stranger values are not repeated: they may be a secret in the wrong place.
  const given = /^[\w.-]{1,20}$/.test(value) ? `LIFEGUARD=${value}` : 'the value of LIFEGUARD';
  const problem = `${given} is not known, so every pool stays as it is: give protect, observe or off`;
  return { mode: 'off', problem };
}
