import { parseDuration } from '../../core/model/duration.ts';

/** What was typed after `/access`. Which accounts and permission sets the words name is looked up elsewhere. */
export type AccessCommand = { readonly verb: 'help' } | { readonly verb: 'status' } | HeldCommand | AskCommand;

/** A command about live access. Without words it means the only one. */
export interface HeldCommand {
  readonly verb: 'end' | 'extend';
  readonly words: readonly string[];
  readonly durationSeconds?: number;
  readonly text: string;
}

export interface AskCommand {
  readonly verb: 'ask';
  /** Up to two words that may name an account (or group) and a permission set. */
  readonly words: readonly string[];
  readonly durationSeconds?: number;
  /** The text in quotation marks; without them, the words after those that were understood. */
  readonly reason: string;
  /** The whole text, in case all of it is a reason. */
  readonly text: string;
}

const QUOTED = /["“”„«]([^"“”„«»]*)["“”»]?\s*$/u;

/**
 * Parses `prod admin 1h "why"`, a verb, or only a reason. `status` and `help` count as verbs only alone, `end` and
 * `extend` only with up to three more words: longer texts are sentences.
 */
export function readAccessCommand(typed: string): AccessCommand {
  const text = typed.trim();
  if (/^(help|\?|-h|--help)$/i.test(text)) return { verb: 'help' };
  if (/^status$/i.test(text)) return { verb: 'status' };
  const quoted = QUOTED.exec(text);
  const before = quoted === null ? text : text.slice(0, quoted.index);
  const words = before.split(/\s+/).filter((word) => word !== '');
  const [verb = '', ...rest] = words;
  if (/^(end|extend)$/i.test(verb) && rest.length <= 3) {
    const at = rest.findIndex((word) => parseDuration(word.toLowerCase()) !== undefined);
    return {
      verb: verb.toLowerCase() as 'end' | 'extend',
      words: at < 0 ? rest : rest.filter((_, index) => index !== at),
      ...durationAt(rest, at),
      text,
    };
  }
  const at = words.findIndex((word) => parseDuration(word.toLowerCase()) !== undefined);
  const named = at >= 0 && at <= 2 ? words.slice(0, at) : words.slice(0, 2);
  const tail = at >= 0 && at <= 2 ? words.slice(at + 1) : words.slice(2);
  return {
    verb: 'ask',
    words: named,
    ...(at >= 0 && at <= 2 ? durationAt(words, at) : {}),
    reason: (quoted === null ? tail.join(' ') : (quoted[1] ?? '')).trim(),
    text,
  };
}

function durationAt(words: readonly string[], at: number): { readonly durationSeconds?: number } {
  const durationSeconds = at < 0 ? undefined : parseDuration((words[at] ?? '').toLowerCase());
  return durationSeconds === undefined ? {} : { durationSeconds };
}
