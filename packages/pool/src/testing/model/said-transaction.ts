import type { ServerTransaction } from '../fake-backend.ts';
import type { Call } from './call.ts';
import { MODES } from './texts.ts';

/** A transaction as its holder has said it, whatever the server has heard of that. */
export class SaidTransaction {
  readonly begin: Call;
  /** What was said of its modes. */
  readonly modes: Call[];
  readonly statements: Call[] = [];
  end: Call | undefined;
  /** Its BEGIN has failed, and the holder knows. */
  isRefused = false;
  /** The one that its statements were run in. */
  served: ServerTransaction | undefined;
  /** A statement of it was run by itself. */
  ranOutside: Call | undefined;

  readonly #before: SaidTransaction | undefined;

  /** `COMMIT AND CHAIN` begins one as well, in the modes of the one `before`. */
  constructor(begin: Call, before?: SaidTransaction) {
    const modes = before?.modes ?? [];
    this.begin = begin;
    this.#before = before;
    this.modes = MODES[begin.kind] ? [...modes, begin] : [...modes];
    begin.modesSaid = this.modes.length;
  }

  say(call: Call): void {
    this.statements.push(call);
    if (call.kind === 'modes') this.modes.push(call);
    call.modesSaid = this.modes.length;
  }

  /** The one that a second BEGIN has opened, because the first has failed. */
  beginsAgain(): SaidTransaction | undefined {
    const at = this.statements.findIndex((call) => isBegin(call) && !call.isSettled);
    const begin = this.statements[at];
    if (!begin) return undefined;
    const again = new SaidTransaction(begin);
    begin.begins = again;
    begin.transaction = again;
    for (const call of this.statements.slice(at + 1)) {
      again.say(call);
      call.transaction = again;
    }
    return again;
  }

  /** Its BEGIN has failed: what follows may begin one by itself, in modes of its own. */
  isVoid(hasFailed: (call: Call) => boolean): boolean {
    return hasFailed(this.begin) || this.#before?.isVoid(hasFailed) === true;
  }

  /** In which modes a statement of it is to run. */
  modesOf({ modesSaid }: Call, hasFailed: (call: Call) => boolean): string[] {
    const said = this.modes.slice(0, modesSaid).filter((call) => !hasFailed(call));
    return said.flatMap(({ kind }) => MODES[kind] ?? []);
  }
}

function isBegin({ kind }: Call): boolean {
  return kind === 'begin' || kind === 'begin serializable';
}
