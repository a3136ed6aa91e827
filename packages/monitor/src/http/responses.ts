/** On every answer: nothing is kept, framed, sniffed, or told to other sites. */
const GUARDED: Readonly<Record<string, string>> = {
  // no-transform: a compressing middleware would hold events back.
  'cache-control': 'no-store, no-transform',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
};
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'";

type Headers = Readonly<Record<string, string>>;

export function answer(
  status: number,
  type: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  headers: Headers = {},
): Response {
  return new Response(body, {
    status,
    headers: {
      'content-security-policy': NOTHING_ALLOWED,
      ...GUARDED,
      'content-type': type,
      ...headers,
    },
  });
}

export function json(status: number, value: unknown, headers?: Headers): Response {
  return answer(status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
}

/** A refusal, in a sentence that says what to do. */
export function refuse(status: number, error: string, headers?: Headers): Response {
  return json(status, { error }, headers);
}

export function done(headers?: Headers): Response {
  const { 'content-security-policy': policy = NOTHING_ALLOWED, ...rest } = headers ?? {};
  return new Response(null, {
    status: 204,
    headers: { 'content-security-policy': policy, ...GUARDED, ...rest },
  });
}
