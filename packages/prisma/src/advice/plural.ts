/** A name for a list of values of a field: `id` → `ids`, `category` → `categories`. */
export function plural(name: string): string {
  if (/[^aeiou]y$/i.test(name)) return `${name.slice(0, -1)}ies`;
  if (/(?:s|x|ch|sh)$/i.test(name)) return `${name}es`;
  return `${name}s`;
}
