/**
 * What `--json` prints: `version` is the command's own and raised when a field changes its meaning or goes;
 * new fields may come without it.
 */
export function jsonReport(command: string, version: number, body: object): string {
  return JSON.stringify({ version, command, ...body }, undefined, 2);
}
