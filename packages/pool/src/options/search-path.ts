/** Startup option that makes a schema the search path, quoted for SQL and then for libpq's `options`. */
export function searchPathOption(schema: string): string {
  const identifier = `"${schema.replaceAll('"', '""')}"`;
  // The server splits `options` at blanks, and a backslash keeps the next character as it is.
  return `-c search_path=${identifier.replace(/[\\\s]/g, '\\$&')}`;
}

/**
 * The `options` to log in with so that `schema` is searched, or undefined when nothing is to be added.
 *
 * A search path of the user's own stays. 'public', which Prisma writes into every new URL, is
 * where the server looks anyway, and poolers that are not announced refuse `options`.
 */
export function withSearchPath(schema: string, options: string): string | undefined {
  if (schema === 'public' || /\bsearch_path\b/i.test(options)) return undefined;
  return options === '' ? searchPathOption(schema) : `${options} ${searchPathOption(schema)}`;
}
