import { durationWords, parseDuration, toIsoDuration } from '../../core/model/duration.ts';

/** The lengths of time that the form offers; minutes. */
const MINUTES = [15, 30, 60, 120, 240, 480, 720, 1440, 3 * 1440, 7 * 1440];

/** The longest length offered where no policy limits it; seconds. */
const USUAL_LONGEST = 12 * 3600;

export interface LengthOption {
  /** ISO 8601. */
  readonly value: string;
  readonly label: string;
}

/** The lengths a requester may choose from. @param longest the longest allowed, ISO 8601; it is among them */
export function lengthOptions(longest: string | null): LengthOption[] {
  const most = longest === null ? USUAL_LONGEST : (parseDuration(longest) ?? USUAL_LONGEST);
  const seconds = MINUTES.map((minutes) => minutes * 60).filter((length) => length <= most);
  if (longest !== null && most >= 60 && !seconds.includes(most)) seconds.push(most);
  return seconds
    .sort((a, b) => a - b)
    .map((length) => ({ value: toIsoDuration(length), label: durationWords(length) }));
}
