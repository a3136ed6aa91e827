const encoder = new TextEncoder();

/** One server-sent event. JSON has no line breaks, so its data is one line. */
export function encodeEvent(name: string, data: unknown, id?: string): Uint8Array {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return encoder.encode(`${head}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
