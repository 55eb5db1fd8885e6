const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

const SHORT = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/;
const ISO = /^P(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/;

/**
 * A length of time as people write it: `4h`, `30m`, `1d`, `1h30m`, or ISO 8601 (`PT4H`). A number without a unit is
 * refused, because it could mean minutes or hours.
 *
 * @returns whole seconds, more than zero; `undefined` when the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  const parts = SHORT.exec(text) ?? ISO.exec(text);
  if (parts === null) return undefined;
  const [, d, h, m, s] = parts;
  const seconds = Number(d ?? 0) * UNITS.d + Number(h ?? 0) * UNITS.h + Number(m ?? 0) * UNITS.m + Number(s ?? 0);
  return seconds > 0 ? seconds : undefined;
}

/** Seconds as people write them: `4h`, `1h30m`, `1d`. The shortest form that `parseDuration` reads back. */
export function formatDuration(seconds: number): string {
  return written(seconds, 'd', 'h', 'm', 's') || '0s';
}

/** Seconds as ISO 8601: `PT4H`, `P1DT2H`. */
export function toIsoDuration(seconds: number): string {
  const days = Math.floor(seconds / UNITS.d);
  const time = written(seconds - days * UNITS.d, 'D', 'H', 'M', 'S');
  if (days === 0) return time === '' ? 'PT0S' : `PT${time}`;
  return time === '' ? `P${days}D` : `P${days}DT${time}`;
}

function written(seconds: number, ...units: readonly [string, string, string, string]): string {
  const sizes = [UNITS.d, UNITS.h, UNITS.m, UNITS.s];
  let rest = Math.floor(seconds);
  let text = '';
  for (const [index, size] of sizes.entries()) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) text += `${amount}${units[index]}`;
  }
  return text;
}

const IN_WORDS = { day: UNITS.d, hour: UNITS.h, minute: UNITS.m } as const;

/**
 * Seconds rounded down to whole minutes; less than a minute stays. Remaining time is rounded down because a rounded-up
 * offer would be refused.
 */
export function wholeMinutes(seconds: number): number {
  return seconds < UNITS.m ? Math.floor(seconds) : Math.floor(seconds / UNITS.m) * UNITS.m;
}

/** A length as messages, mails and pages show it: `1 hour 30 minutes`. Less than a minute is shown in seconds. */
export function durationWords(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return 'an unknown time';
  if (seconds < UNITS.m) return counted(Math.round(seconds), 'second');
  let rest = Math.round(seconds / UNITS.m) * UNITS.m;
  const parts: string[] = [];
  for (const [unit, length] of Object.entries(IN_WORDS)) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole > 0) parts.push(counted(whole, unit));
  }
  return parts.join(' ');
}

function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
