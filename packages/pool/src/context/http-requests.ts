import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { enterRequest } from './context.ts';
import { RequestScope } from './request-scope.ts';

/** Node publishes here just before a server's 'request' event, in the same synchronous run. */
const REQUEST_START = 'http.server.request.start';

/** A word or two of a route, or its version: `products`, `sign-in`, `v2`. */
const PLAIN = /^(?:v\d{1,2}|(?=.{1,24}$)[a-z]+(?:[-_][a-z]+)?)$/i;

/**
 * The route of a request with every part replaced that is not a plain word: ids, tokens, addresses
 * and names of files would make endless labels, and some of them are secrets.
 */
export function routeOf(method: string, url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '/';
  const shape = path
    .split('/')
    .map((part) => (part === '' || PLAIN.test(part) ? part : ':id'))
    .join('/');
  return `${method} ${shape}`;
}

let observers = 0;
let underWay = 0;

/** HTTP requests that this process is serving, counted while somebody observes them. */
export function httpRequestsUnderWay(): number {
  return underWay;
}

function onRequestStart(message: unknown): void {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  underWay++;
  // 'close' comes for every response, also for one whose client has gone.
  response.once('close', () => underWay--);
  enterRequest(new RequestScope(routeOf(request.method ?? 'GET', request.url ?? '/')));
}

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
