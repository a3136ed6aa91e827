/** Frames of Node, of dependencies, and of this pool: never what a reader looks for. */
const NOT_OF_THE_APPLICATION =
  /node:internal|node_modules|\(node:|at node:|packages\/pool\/(?:dist|src)\/(?!.*\.test\.)/;
const LOCATION = /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/;
/** Folders above the file tell more of the machine than of the code. */
const FOLDERS_SHOWN = 2;
/** An application’s own frame often stands below many of its libraries. */
const MOST_FRAMES = 25;

/** Remembers where the application is now; read only when somebody asks, for that is what costs. */
export class CallSite {
  readonly #holder: { stack?: string } = {};
  #site: string | undefined;

  constructor() {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = MOST_FRAMES;
    // V8 notes the frames now, and makes a text of them when it is read.
    Error.captureStackTrace(this.#holder, CallSite);
    Error.stackTraceLimit = stackTraceLimit;
  }

  get stack(): string {
    return (this.#holder.stack ?? '').split('\n').slice(1).join('\n');
  }

  /** Such as `placeOrder (orders/place.ts:12:3)`; empty when only libraries were on the stack. */
  toString(): string {
    this.#site ??= siteOf(this.#holder.stack ?? '') ?? '';
    return this.#site;
  }
}

/** The innermost frame of a stack that is the application's own. */
export function siteOf(stack: string): string | undefined {
  const frame = stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .find((line) => LOCATION.test(line) && !NOT_OF_THE_APPLICATION.test(line));
  if (!frame) return undefined;
  const location = LOCATION.exec(frame)?.[1];
  if (!location) return undefined;
  const shown = location.replace('file://', '').split('/').slice(-FOLDERS_SHOWN).join('/');
  const name = /^at (?:async )?(.+?) \(/.exec(frame)?.[1];
  return name && name !== '<anonymous>' ? `${name} (${shown})` : shown;
}
