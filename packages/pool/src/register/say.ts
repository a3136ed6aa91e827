const said = new Set<string>();

/** One line on stderr, once: an application that was not changed has no other place to be told. */
export function say(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  process.stderr.write(`lifeguard: ${message}\n`);
}
