import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { enterRequest } from './context.ts';
import { RequestScope } from './request-scope.ts';

/** Node publishes here just before a server's 'request' event, in the same synchronous run. */
const REQUEST_START = 'http.server.request.start';

/** The route of a request with numbers, UUIDs and long tokens replaced, so that labels stay few. */
export function routeOf(method: string, url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '/';
  const shape = path
    .split('/')
    .map((part) =>
      /^\d+$/.test(part) || /^[0-9a-f-]{16,}$/i.test(part) || part.length > 40 ? ':id' : part,
    )
    .join('/');
  return `${method} ${shape}`;
}

function onRequestStart(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  enterRequest(new RequestScope(routeOf(request.method ?? 'GET', request.url ?? '/')));
}

let observers = 0;

/**
 * Makes every HTTP request that this process serves a {@link RequestScope}, whatever its framework.
 * Returns a function that ends it; calls may overlap.
 */
export function observeHttpRequests(): () => void {
  if (observers++ === 0) subscribe(REQUEST_START, onRequestStart);
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    if (--observers === 0) unsubscribe(REQUEST_START, onRequestStart);
  };
}
