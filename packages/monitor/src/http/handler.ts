import type { Access, Grant } from './access/access.ts';
import { isNavigation } from './access/origin.ts';
import { type Peer, peerOf } from './access/peer.ts';
import { type Act, type ActionName, readAction } from './actions/actions.ts';
import type { Feed } from './events/feed.ts';
import type { DashboardGreeting } from './events/greeting.ts';
import { showDashboard, showSignIn } from './page/page.ts';
import { answer, done, json, refuse } from './responses.ts';

/** Node allows 16 KB for all headers together; servers that allow more must not bother us with it. */
const LONGEST_URL = 4_096;
/** When somebody who found all seats of the event stream taken may ask again. */
const RETRY_SECONDS = 10;
const METHODS = 'GET, HEAD, POST';

export interface Handling {
  readonly access: Access;
  readonly feed: Feed;
  /** What the page shows now, as JSON has it. */
  readonly state: () => unknown;
  /** What is switched on. */
  readonly actions: readonly ActionName[];
  readonly act: Act;
  readonly wall: () => number;
}

/**
 * The dashboard's one address, wherever it is mounted: the path is never looked at.
 *
 * | request                                    | answer                              |
 * | ------------------------------------------ | ----------------------------------- |
 * | `GET`                                      | the page, or the sign-in form       |
 * | `GET ?events`                              | the event stream                    |
 * | `GET ?snapshot`                            | the same state, once, as JSON       |
 * | `GET ?sign-in`                             | the form, also for whoever may look |
 * | `POST ?sign-in`, bearer token              | a session cookie                    |
 * | `POST ?sign-out`                           | ends it                             |
 * | `POST ?action=…&pool=…[&pid=…|checkout=…]&confirm=…` | acts, where that is switched on     |
 *
 * A body is never read: all that it needs is in the address and the headers.
 */
export class Handler {
  readonly #to: Handling;

  constructor(handling: Handling) {
    this.#to = handling;
  }

  async handle(request: Request, context?: unknown): Promise<Response> {
    const { method, url } = request;
    if (url.length > LONGEST_URL) return refuse(414, 'The address is too long.');
    if (hasBody(request)) return refuse(413, 'Nothing here takes a body.');
    const query = new URL(url).searchParams;
    try {
      if (method === 'GET' || method === 'HEAD') {
        return await this.#show(request, query, peerOf(context));
      }
      if (method === 'POST') return await this.#change(request, query, peerOf(context));
    } catch {
      // What it was says too much about the application to whoever asks.
      return refuse(500, 'The dashboard failed to answer.');
    }
    return refuse(405, `Only ${METHODS} are allowed.`, { allow: METHODS });
  }

  async #show(request: Request, query: URLSearchParams, peer: Peer): Promise<Response> {
    const { access, state } = this.#to;
    const wantsEvents = query.has('events');
    const wantsData = wantsEvents || query.has('snapshot');
    // A link on another site may lead here; what it leads to stays between us and who followed it.
    const isFollowed = !wantsData && isNavigation(request);
    if (access.isForeign(request) && !isFollowed) {
      return refuse(403, 'Another site may not ask.');
    }
    const grant = await access.grant(request, peer);
    if (!grant) return this.#refused(request, wantsData);
    if (query.has('sign-in') && access.sessions) return showSignIn(request);
    if (wantsEvents) return this.#stream(request, query, grant);
    return wantsData ? json(200, state()) : showDashboard(request);
  }

  #refused(request: Request, wantsData: boolean): Response | Promise<Response> {
    if (!this.#to.access.sessions) return answer(403, 'text/plain; charset=utf-8', CLOSED);
    if (!wantsData) return showSignIn(request);
    const scheme = { 'www-authenticate': 'Bearer realm="lifeguard"' };
    return refuse(
      401,
      'Show the token: "Authorization: Bearer …", or sign in on the page.',
      scheme,
    );
  }

  #stream(request: Request, query: URLSearchParams, grant: Grant): Response {
    const { feed } = this.#to;
    if (request.method === 'HEAD') return refuse(405, 'Only GET is allowed.', { allow: 'GET' });
    const stream = feed.subscribe({
      // A page that begins anew says it in the address: a new EventSource has no header for it.
      lastEventId: request.headers.get('last-event-id') ?? query.get('after'),
      greeting: this.#greeting(grant),
      expiresAt: grant.by === 'token' ? grant.expiresAt : undefined,
    });
    if (!stream) {
      return refuse(503, 'Too many look at it at once.', { 'retry-after': String(RETRY_SECONDS) });
    }
    return answer(200, 'text/event-stream; charset=utf-8', stream, { 'x-accel-buffering': 'no' });
  }

  #greeting({ by }: Grant): DashboardGreeting {
    const { actions, access } = this.#to;
    const mayAct = by === 'token';
    return {
      by,
      actions: mayAct ? actions : [],
      couldSignIn: !mayAct && actions.length > 0 && access.sessions !== undefined,
    };
  }

  async #change(request: Request, query: URLSearchParams, peer: Peer): Promise<Response> {
    const { access, wall } = this.#to;
    if (access.isForeign(request)) return refuse(403, 'Another site may not ask.');
    const { sessions } = access;
    if (query.has('sign-in')) {
      if (!sessions || !access.showsToken(request)) return refuse(401, 'That is not the token.');
      return done({ 'set-cookie': sessions.begin(wall(), isSecure(request)) });
    }
    if (query.has('sign-out')) {
      return done(sessions && { 'set-cookie': sessions.end(isSecure(request)) });
    }
    if (!query.has('action')) return refuse(400, 'Say what to do.');
    return this.#act(request, query, peer);
  }

  async #act(request: Request, query: URLSearchParams, peer: Peer): Promise<Response> {
    const { access, actions, act } = this.#to;
    const grant = await access.grant(request, peer);
    if (grant?.by !== 'token') return refuse(401, 'Only who has shown the token may act.');
    // A cookie comes along by itself; the browser must say that the page here sent it.
    if (!access.showsToken(request) && !request.headers.has('origin')) {
      return refuse(403, 'Only the page itself may act by its cookie.');
    }
    const action = readAction(query);
    if (typeof action === 'string') return refuse(400, action);
    if (!actions.includes(action.name)) {
      return refuse(
        403,
        `"${action.name}" is switched off: the application's option "actions" allows it.`,
      );
    }
    try {
      return json(200, { done: await act(action) });
    } catch (error) {
      return refuse(409, error instanceof Error ? error.message : 'It could not be done.');
    }
  }
}

const CLOSED =
  'This dashboard is closed: it has no token, and does not see that you sit at its machine (in a route of Next it never does).\n' +
  'Set LIFEGUARD_TOKEN in the environment of the application, or its option "token".\n';

/** By its headers: frameworks give every POST a stream. */
function hasBody({ headers }: Request): boolean {
  return Number(headers.get('content-length') ?? 0) !== 0 || headers.has('transfer-encoding');
}

/** Here a header may be believed: at worst somebody does without his own cookie. */
function isSecure({ url, headers }: Request): boolean {
  return url.startsWith('https:') || headers.get('x-forwarded-proto') === 'https';
}
