import { readFile, stat } from 'node:fs/promises';
import { UserError } from '../../frame/user-error.ts';

/** A body is held once, and sent with every request. */
const LARGEST_BODY = 10 * 1024 * 1024;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What belongs to the connection or follows from the body. */
const OURS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export interface RequestTemplate {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

interface RequestOptions {
  readonly method?: string | undefined;
  readonly header: readonly string[];
  readonly body?: string | undefined;
}

/** @throws {UserError} when a header or the body can't be sent so. */
export async function readRequest(url: URL, options: RequestOptions): Promise<RequestTemplate> {
  const body = options.body === undefined ? undefined : await readBody(options.body);
  const method = (options.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase();
  if (!NAME.test(method) || method === 'CONNECT') {
    throw new UserError(`--method ${method}: no request can have that method.`);
  }
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw new UserError(`--body goes with POST, PUT, PATCH or DELETE, not with ${method}.`);
  }
  const headers: Record<string, string> = { 'user-agent': 'lifeguard-load' };
  if (body !== undefined)
    headers['content-type'] = isJson(body) ? 'application/json' : 'text/plain';
  for (const text of options.header) Object.assign(headers, readHeader(text));
  return { method, path: `${url.pathname}${url.search}`, headers, body };
}

function readHeader(text: string): Record<string, string> {
  const [, name = '', value = ''] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
  // The value may be a secret: the name is all that is said of it.
  if (!NAME.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new UserError(`--header ${name || 'without a name'}: write --header "Name: value".`);
  }
  const lower = name.toLowerCase();
  if (OURS.has(lower)) {
    throw new UserError(`--header ${lower}: that one follows from the connection and the body.`);
  }
  return { [lower]: value };
}

async function readBody(text: string): Promise<Buffer> {
  if (!text.startsWith('@')) return checked(Buffer.from(text));
  const file = text.slice(1);
  try {
    const { size } = await stat(file);
    if (size > LARGEST_BODY) return checked({ length: size } as Buffer);
    return await readFile(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `it can’t be read (${code})`;
    throw new UserError(`--body @${file}: ${why}.`);
  }
}

function checked(body: Buffer): Buffer {
  if (body.length <= LARGEST_BODY) return body;
  throw new UserError(`--body is ${body.length} bytes long; at most ${LARGEST_BODY} are sent.`);
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
