/** So many answers are remembered before all are forgotten: whoever makes calls may choose names. */
const MOST = 4000;

/** A pure function of a text that remembers its answers: a hundred thousand calls have a few hundred names. */
export function remembered<Answer extends NonNullable<unknown> | null>(
  answer: (text: string) => Answer,
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  let last: { readonly text: string; readonly given: Answer } | undefined;
  return (text) => {
    // To compare with the text before is quicker than to look it up, and most calls of a session have the same.
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
