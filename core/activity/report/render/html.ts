/** HTML that is safe to put into a page. `html` escapes all values but `Html`; construct it of constant markup only. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** A template whose values are escaped, for text and for quoted attributes alike; `Html` values pass as they are. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | number | Html)[]): Html {
  const parts = strings.map((part, index) => {
    const value = values[index];
    if (value === undefined) return part;
    return part + (value instanceof Html ? value.markup : escapeHtml(String(value)));
  });
  return new Html(parts.join(''));
}

/** Joins pieces without a separator. */
export function joined(pieces: readonly Html[]): Html {
  return new Html(pieces.map((piece) => piece.markup).join(''));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text with the five characters escaped that mean something in HTML. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
