import type { World } from '../../aws/world/world.ts';
import type { HttpAnswer } from '../gateway.ts';

/**
 * The page on which the user picks a person to sign in as. It has no script: each person is a link.
 *
 * @param query the query of the authorize call, passed on unchanged
 */
export function choicePage(people: World['users'], query: URLSearchParams): HttpAnswer {
  const rows = people.map(({ id, userName, displayName }) => {
    const href = `?${new URLSearchParams({ ...Object.fromEntries(query), as: id })}`;
    return `<li><a data-testid="as-${escaped(id)}" href="${escaped(href)}"><b>${escaped(displayName)}</b><span>${escaped(userName)}</span></a></li>`;
  });
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in - sandbox</title><style>${STYLE}</style></head>
<body><main><h1>Who are you?</h1><p>This stands for the sign-in at Identity Center. Pick a person.</p><ul>${rows.join('')}</ul></main></body></html>`,
  };
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh}
main{width:min(26rem,90vw);padding:2rem 0}h1{font-size:1.5rem;margin:0}ul{list-style:none;margin:1rem 0 0;padding:0}
a{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;padding:.75rem 1rem;margin:.4rem 0;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.6rem;color:inherit;text-decoration:none}
a:hover,a:focus-visible{border-color:#0972d3;outline:2px solid #0972d3}span{opacity:.75}`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
