import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type BuiltPage, dashboardPage, signInPage } from '../../generated/pages.ts';
import { answer } from '../responses.ts';

const compress = promisify(gzip);
const compressed = new WeakMap<BuiltPage, Promise<Uint8Array<ArrayBuffer>>>();

/** The dashboard. It holds no figures itself: it fetches them. */
export function showDashboard(request: Request): Promise<Response> {
  return show(200, dashboardPage, request);
}

/** Asks for the token. */
export function showSignIn(request: Request): Promise<Response> {
  return show(401, signInPage, request, { 'www-authenticate': 'Bearer realm="lifeguard"' });
}

async function show(
  status: number,
  page: BuiltPage,
  { method, headers }: Request,
  more: Record<string, string> = {},
): Promise<Response> {
  const zips = acceptsGzip(headers.get('accept-encoding'));
  const body = zips ? await compressedOnce(page) : page.html;
  return answer(status, 'text/html; charset=utf-8', method === 'HEAD' ? null : body, {
    'content-security-policy': page.contentSecurityPolicy,
    vary: 'accept-encoding',
    ...(zips && { 'content-encoding': 'gzip' }),
    ...more,
  });
}

function compressedOnce(page: BuiltPage): Promise<Uint8Array<ArrayBuffer>> {
  let zipped = compressed.get(page);
  if (!zipped) {
    zipped = compress(page.html, { level: 9 }).then((bytes) => new Uint8Array(bytes));
    compressed.set(page, zipped);
  }
  return zipped;
}

function acceptsGzip(accepted: string | null): boolean {
  return /(^|,)\s*gzip\s*(;\s*q=(1|0\.\d*[1-9])[\d.]*\s*)?(,|$)/i.test(accepted ?? '');
}
