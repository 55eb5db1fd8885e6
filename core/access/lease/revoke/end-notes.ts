/*
 * What the events of an end note, where a message, a mail or a question to the audit goes by the note: stored, so they stay as they are.
 */

/** In front of the note of an end that left the assignment in place. */
export const KEPT = 'kept: ';

/** What an end notes that took nothing away because of another request. */
export const HELD_BY_ANOTHER = `${KEPT}another request holds the same assignment`;

/** In front of the note of an end without a removal. */
export const OUT_OF_USE = 'out of use: ';

/** Of an end at the planned time. */
export const TIME_IS_UP = 'time is up';

/** Of an end because nothing waits for it any more; what became of the access may follow. */
export const WORKFLOW_STOPPED = 'its workflow stopped';
