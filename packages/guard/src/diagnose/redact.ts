const EVIDENCE_LENGTH = 200;

/** The text without passwords, keys and the values of SQL parameters. */
export function redact(text: string): string {
  return (
    text
      // Greedy up to the last @ of the word: a password may contain one.
      .replace(/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/]{0,200}):\S{0,500}@/gi, '$1:***@')
      .replace(
        /\b(\w{0,20}password|passwd|pwd|secret|token|api[_-]?key|sslkey)(["']?\s{0,3}[=:]\s{0,3})("[^"\n]{0,500}"|'[^'\n]{0,500}'|[^\s&,;]{1,500})/gi,
        '$1$2***',
      )
      .replace(/(\bKey \([^)\n]{0,200}\)=)\([^\n]{0,1000}\)/g, '$1(***)')
  );
}

/** The text as one short line that is safe to log. */
export function asEvidence(text: string): string {
  const line = redact(text).replace(/\s+/g, ' ').trim();
  return line.length > EVIDENCE_LENGTH ? `${line.slice(0, EVIDENCE_LENGTH - 1)}…` : line;
}
