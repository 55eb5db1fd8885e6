/**
 * The result of a check. `fault`: something does not work, or will fail when it is needed. `unseen`: the check could
 * not read what it checks, so the result is unknown. `note`: worth knowing, but no fault.
 */
export type FindingStatus = 'ok' | 'fault' | 'unseen' | 'note';

/** One line of the doctor's output. */
export interface Finding {
  /** Name of the check, such as `slack-token`. Names are published: they are added, never changed. */
  readonly check: string;
  readonly status: FindingStatus;
  /** What was checked, or what is wrong. */
  readonly what: string;
  /** The consequence of the problem. Absent where the status is `ok`. */
  readonly why?: string;
  /** How to fix the problem. */
  readonly fix?: string;
}

/** A problem with its consequence and its fix. */
export interface Trouble {
  /** A note instead of a fault, or a part that could not be read. @default - a fault */
  readonly as?: 'note' | 'unseen';
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** Runs one check. @returns troubles, or one sentence that says what is right */
export type Look = () => Promise<string | readonly Trouble[]>;

/**
 * The findings of one check: one line where all is right, otherwise one line per trouble. A check that throws is
 * reported as `unseen`, never as right.
 *
 * @param words turns an error of the check into words for an operator
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
