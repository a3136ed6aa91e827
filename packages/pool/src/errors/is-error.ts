/** Not by `instanceof`: some test runners give the code a realm, and so an `Error`, of its own. */
export function isError(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && 'message' in thrown;
}
