import { html } from 'hono/html';
import type { Shelf } from './routes/shelf.ts';

/** The homepage for people: everything in one document, nothing loaded from elsewhere. */
export function renderHomepage(shelves: readonly Shelf[]) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Storefront</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; }
  h1 { margin: 0; }
  h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
  ul { display: grid; gap: .75rem; grid-template-columns: repeat(2, 1fr); list-style: none; margin: 0; padding: 0; }
  @media (min-width: 48rem) { ul { grid-template-columns: repeat(4, 1fr); } }
  a { box-sizing: border-box; height: 100%; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; color: inherit; display: block; padding: .75rem; text-decoration: none; }
  a:hover, a:focus-visible { border-color: currentColor; }
  b { display: block; font-weight: 600; }
</style>
</head>
<body>
<h1>Storefront</h1>
<p>The newest things for the house, from ${shelves.length} categories.</p>
${shelves.map(
  ({ name, products }) => html`<h2>${name}</h2>
<ul>
${products.map(
  (product) =>
    html`<li><a href="/api/products/${product.id}"><b>${product.name}</b> ${price(product.priceCents)}</a></li>
`,
)}</ul>
`,
)}</body>
</html>
`;
}

function price(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}
