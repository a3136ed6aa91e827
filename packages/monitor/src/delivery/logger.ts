/** Pino's way, and that of whatever takes an object and a text: winston's `log`, bunyan, LogTape. */
export interface Logger {
  info(details: object, text: string): void;
  warn(details: object, text: string): void;
  error(details: object, text: string): void;
}

export type LogLevel = keyof Logger;

export interface LogLine {
  readonly level: LogLevel;
  /** One line, for whoever reads it. */
  readonly text: string;
  /** The same, for programs. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Writes a line; a console gets the text alone, for it would print the details over many lines. */
export function writeTo(logger: Logger, { level, text, details }: LogLine): void {
  if (isConsole(logger)) (logger as Console)[level](`lifeguard: ${text}`);
  else logger[level](details, `lifeguard: ${text}`);
}

function isConsole(logger: object): boolean {
  return logger === console || 'groupCollapsed' in logger;
}
