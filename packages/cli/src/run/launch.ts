import { constants } from 'node:os';
import spawn from 'cross-spawn';
import { FOLDER_VARIABLE } from './protocol.ts';
import { passSignals } from './signals.ts';

export type RunMode = 'observe' | 'protect';

/** As shells say it of a command that is not there, or that is no program. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** How the application ended. */
export type End =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'killed'; readonly exitCode: number; readonly signal: NodeJS.Signals }
  | { readonly kind: 'not started'; readonly exitCode: number; readonly why: string };

/** What the command and all that it starts finds in its environment. */
export function environmentFor(
  env: NodeJS.ProcessEnv,
  mode: RunMode,
  folder: string,
  preload: string,
): NodeJS.ProcessEnv {
  const options = `${env.NODE_OPTIONS ?? ''} --require=${asNodeOption(preload)}`.trim();
  return { ...env, NODE_OPTIONS: options, LIFEGUARD: mode, [FOLDER_VARIABLE]: folder };
}

/** Between quotes Node.js takes blanks as they are. Other programs read NODE_OPTIONS too, and some know no quotes. */
function asNodeOption(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}

/**
 * Runs the command with our standard streams until it ends. Signals to us are passed on to it, and do nothing else to us until `release`
 * is called: also when it has ended, there is something to tell and to clear away.
 */
export function launch(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly ended: Promise<End>; release(): void } {
  // Not Node's own: on Windows npm and npx are scripts, which are started by a shell and its rules of quoting.
  const child = spawn(program, args, { env, stdio: 'inherit' });
  const isAtTerminal = [process.stdin, process.stdout, process.stderr].some((one) => one.isTTY);
  const release = passSignals(child, isAtTerminal);
  const ended = new Promise<End>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(notStarted(program, error)));
    child.once('exit', (exitCode, signal) => {
      resolve(
        signal
          ? { kind: 'killed', signal, exitCode: 128 + constants.signals[signal] }
          : { kind: 'exited', exitCode: exitCode ?? 0 },
      );
    });
  });
  return { ended, release };
}

function notStarted(program: string, { code, message }: NodeJS.ErrnoException): End {
  if (code === 'ENOENT') {
    return { kind: 'not started', exitCode: NOT_FOUND, why: `there is no command ${program}` };
  }
  const why = code === 'EACCES' ? `${program} may not be executed` : message;
  return { kind: 'not started', exitCode: NOT_RUNNABLE, why };
}
