/**
 * What a check has found. `fault`: something does not work, or will not when it is needed. `unseen`: it could not be looked at, so nobody
 * knows. `note`: worth knowing, and no fault.
 */
export type FindingStatus = 'ok' | 'fault' | 'unseen' | 'note';

/** One line of the doctor. */
export interface Finding {
  /** Name of the check, such as `slack-token`; names only grow. */
  readonly check: string;
  readonly status: FindingStatus;
  /** What was looked at, or what is wrong. */
  readonly what: string;
  /** What comes of it. Of what is right, nothing is said. */
  readonly why?: string;
  /** How to put it right. */
  readonly fix?: string;
}

/** What is wrong, what comes of it, and how to put it right. */
export interface Trouble {
  /** Worth knowing and no fault, or a part that could not be looked at. @default - a fault */
  readonly as?: 'note' | 'unseen';
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** Looks at one thing. @returns troubles, or a sentence about what is right */
export type Look = () => Promise<string | readonly Trouble[]>;

/**
 * One check as findings: what is right is one line, each trouble one of its own. What cannot be looked at is said, and is never taken
 * for right.
 *
 * @param words what a failed look means, in words for an operator
 */
export async function findingsOf(
  check: string,
  look: Look,
  words: (error: unknown) => string,
): Promise<readonly Finding[]> {
  try {
    const seen = await look();
    if (typeof seen === 'string') return [{ check, status: 'ok', what: seen }];
    return seen.map(({ as, ...trouble }) => ({ check, status: as ?? 'fault', ...trouble }));
  } catch (error) {
    return [
      {
        check,
        status: 'unseen',
        what: `could not look: ${words(error)}`,
        why: 'nobody knows whether this is right',
        fix: 'run the doctor with the rights that docs/doctor.md lists',
      },
    ];
  }
}
