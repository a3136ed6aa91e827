import type { StrikeSpot } from '../fake-backend.ts';
import type { FakeClock } from '../fake-clock.ts';
import type { ClientView } from './client-view.ts';

/** So long the pool waits for the server to receive a cancel request. */
const PATIENCE_MILLIS = 1_000;

/** A cancel request on its way to the server, on a connection of its own. */
export interface CancelRequest {
  readonly view: ClientView;
  /** It has struck, or never will. */
  isSpent: boolean;
  readonly done: (isOver: boolean) => void;
}

/** Cancel requests: the server receives them when it is told to, some late, some never. */
export class Cancels {
  readonly underWay: CancelRequest[] = [];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  ask(view: ClientView, done: (isOver: boolean) => void): CancelRequest {
    const cancelTimer = this.#clock.after(PATIENCE_MILLIS, () => request.done(false));
    view.isCancelling = true;
    view.cancelAskedAt = this.#clock.now();
    let isDone = false;
    const request: CancelRequest = {
      view,
      isSpent: false,
      done: (isOver) => {
        if (isDone) return;
        isDone = true;
        cancelTimer();
        view.isCancelling = false;
        if (!isOver) {
          view.isRetiring = true;
          view.mayBeStruckLate = true;
        }
        done(isOver);
      },
    };
    this.underWay.push(request);
    return request;
  }

  /** It arrives; `lingers`: the pool does not hear of it yet. */
  deliver(request: CancelRequest, spot: StrikeSpot, lingers: boolean): void {
    if (!request.isSpent) request.view.session.strike(spot);
    request.isSpent = true;
    if (!lingers) this.refuse(request);
  }

  /** It is over without having struck, or after that. */
  refuse(request: CancelRequest): void {
    request.isSpent = true;
    this.underWay.splice(this.underWay.indexOf(request), 1);
    request.done(true);
  }
}
