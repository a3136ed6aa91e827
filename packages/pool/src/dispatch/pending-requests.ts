import type { Clock } from '../clock.ts';
import { Deadlines } from '../queue/deadlines.ts';
import { LinkedList } from '../queue/linked-list.ts';
import type { Request } from '../queue/request.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import type { StatementProfile } from '../statement/profiles.ts';

/**
 * Everybody who waits, first come first served in each of two queues: short statements, which
 * share a connection, and those who need a whole one (checkouts, long and unknown statements).
 */
export class PendingRequests {
  readonly #shorts = new LinkedList<Request>();
  readonly #wholes = new LinkedList<Request>();
  readonly #deadlines: Deadlines<Request>;

  constructor(clock: Clock, expired: (requests: Request[]) => void) {
    this.#deadlines = new Deadlines(clock, (requests) => {
      for (const request of requests) request.list?.remove(request);
      expired(requests);
    });
  }

  get length(): number {
    return this.#shorts.length + this.#wholes.length;
  }

  get shorts(): number {
    return this.#shorts.length;
  }

  get wholes(): number {
    return this.#wholes.length;
  }

  get nextShort(): StatementRequest | undefined {
    return this.#shorts.head as StatementRequest | undefined;
  }

  get nextWhole(): Request | undefined {
    return this.#wholes.head;
  }

  add(request: Request): void {
    if (request instanceof StatementRequest && request.profile.isShort) {
      this.#shorts.push(request);
    } else {
      this.#wholes.push(request);
    }
    request.ticket = this.#deadlines.add(request, request.deadline);
  }

  remove(request: Request): void {
    request.list?.remove(request);
    this.#deadlines.remove(request, request.ticket);
  }

  /** A text turned out to be short: those who wait with it need no whole connection any more. */
  becameShort(profile: StatementProfile): void {
    for (const request of this.#wholes) {
      if (!(request instanceof StatementRequest) || request.profile !== profile) continue;
      this.#wholes.remove(request);
      this.#shorts.push(request);
    }
  }

  /** Takes everybody out, to be refused. */
  takeAll(): Request[] {
    const taken: Request[] = [...this.#shorts, ...this.#wholes];
    for (const request of taken) this.remove(request);
    return taken;
  }
}
