/** The cache is cleared at this size: callers of AWS choose some of the texts, so there may be any number of them. */
const MOST = 4000;

/** Caches the results of a pure function of a text: a hundred thousand calls have only a few hundred names. */
export function remembered<Answer extends NonNullable<unknown> | null>(
  answer: (text: string) => Answer,
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  let last: { readonly text: string; readonly given: Answer } | undefined;
  return (text) => {
    // Comparing with the previous text is faster than a look-up, and consecutive calls mostly have the same text.
    if (last !== undefined && last.text === text) return last.given;
    let given = known.get(text);
    if (given === undefined) {
      if (known.size >= MOST) known.clear();
      given = answer(text);
      known.set(text, given);
    }
    last = { text, given };
    return given;
  };
}
