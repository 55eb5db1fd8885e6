import { parseDuration } from '../../core/model/duration.ts';

/** What was typed behind `/access`. Which accounts and permission sets its words mean is looked up elsewhere. */
export type AccessCommand = { readonly verb: 'help' } | { readonly verb: 'status' } | HeldCommand | AskCommand;

/** About access that lasts; without words, the only one there is. */
export interface HeldCommand {
  readonly verb: 'end' | 'extend';
  readonly words: readonly string[];
  readonly durationSeconds?: number;
  readonly text: string;
}

export interface AskCommand {
  readonly verb: 'ask';
  /** Words that may name an account (or group), then a permission set. */
  readonly words: readonly string[];
  readonly durationSeconds?: number;
  /** What is in quotation marks, or follows what is understood. */
  readonly reason: string;
  /** All of it, for who only typed a reason. */
  readonly text: string;
}

const QUOTED = /["“”„«]([^"“”„«»]*)["“”»]?\s*$/u;

/** `prod admin 1h "why"`, a verb, or nothing but a reason. A verb is one only where nothing follows it that makes it a sentence. */
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
