/** How every command ends. The README's table is this one; a test compares them. */
export const EXIT = {
  ok: 0,
  /** The command did its work, and what it looked at is not well. */
  findings: 1,
  usage: 2,
  unreachable: 3,
  defect: 70,
  /** As a shell says of what Ctrl-C ended. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done, and nothing found that counts',
  1: 'done, and something found that counts (doctor: see --fail-on)',
  2: 'a wrong option, setting or file',
  3: 'the database or host can’t be reached or used',
  70: 'a defect of lifeguard',
  130: 'interrupted; what was started is cleaned up',
};
