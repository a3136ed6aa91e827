import { hostOf } from './host.ts';

/** What browsers say of where a request comes from, which no script of a page can change. */
export interface Provenance {
  readonly origin: string | null;
  readonly host: string;
  readonly fetchSite: string | null;
}

export function provenanceOf(request: Request): Provenance {
  const { headers } = request;
  return {
    origin: headers.get('origin'),
    host: hostOf(request),
    fetchSite: headers.get('sec-fetch-site'),
  };
}

/**
 * Whether another site's page sent it. What no browser sent says nothing of it and passes: it has no
 * user's cookie either.
 */
export function isForeign(
  { origin, host, fetchSite }: Provenance,
  ownOrigins: readonly string[],
): boolean {
  if (origin !== null && !ownOrigins.includes(origin) && !isOriginOf(origin, host)) return true;
  return fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none';
}

/** The scheme is left out: behind a proxy that ends TLS this server can't know it. */
function isOriginOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  const given = URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : '';
  return own !== '' && own === given;
}

/** Somebody followed a link, typed the address, or opened a bookmark. */
export function isNavigation({ headers }: Request): boolean {
  return (
    !headers.has('origin') &&
    headers.get('sec-fetch-mode') === 'navigate' &&
    headers.get('sec-fetch-dest') === 'document'
  );
}
