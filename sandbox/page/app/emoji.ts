/** The emoji that Glasshammer, alerts and people in the sandbox use. Others are shown by name, as text. */
const EMOJI: Record<string, string> = {
  adhesive_bandage: '🩹',
  alarm_clock: '⏰',
  arrow_right: '➡️',
  bell: '🔔',
  calendar: '📅',
  clipboard: '📋',
  clock1: '🕐',
  eyes: '👀',
  fire: '🔥',
  hammer: '🔨',
  hammer_and_wrench: '🛠️',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  information_source: 'ℹ️',
  key: '🔑',
  large_green_circle: '🟢',
  lock: '🔒',
  mag: '🔍',
  memo: '📝',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  pray: '🙏',
  question: '❓',
  raising_hand: '🙋',
  red_circle: '🔴',
  rotating_light: '🚨',
  sparkles: '✨',
  stopwatch: '⏱️',
  tada: '🎉',
  thumbsup: '👍',
  '+1': '👍',
  unlock: '🔓',
  warning: '⚠️',
  wave: '👋',
  white_check_mark: '✅',
  x: '❌',
};

/** The character for an emoji name, without colons; undefined when we have none. */
export function emoji(name: string): string | undefined {
  return Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
}
