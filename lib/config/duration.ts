const SECONDS_PER_UNIT = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/**
 * A duration as people write it in the configuration.
 *
 * @param text `45s`, `10m`, `1h`, `1h30m`, `2d`; a number without a unit is no duration
 * @returns whole seconds, or `undefined` if the text is no duration or is zero
 */
export function secondsOf(text: string): number | undefined {
  const parts = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/.exec(text);
  if (!parts) return undefined;
  const [, d, h, m, s] = parts;
  const seconds =
    Number(d ?? 0) * SECONDS_PER_UNIT.d +
    Number(h ?? 0) * SECONDS_PER_UNIT.h +
    Number(m ?? 0) * SECONDS_PER_UNIT.m +
    Number(s ?? 0);
  return seconds > 0 ? seconds : undefined;
}
