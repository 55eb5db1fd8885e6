/*
 * Notes of the events of an end that messages, mails and audit queries match by their text. They are stored, so they
 * must not change.
 */

/** Prefix of the note of an end that left the assignment in place. */
export const KEPT = 'kept: ';

/** Note of an end that removed nothing, because somebody else has made the same assignment since the grant. */
export const GIVEN_MEANWHILE = `${KEPT}somebody else has given the same access meanwhile`;

/** Note of an end that removed nothing, because another request holds the assignment. */
export const HELD_BY_ANOTHER = `${KEPT}another request holds the same assignment`;

/** Prefix of the note of an end without a removal, because the account is out of use. */
export const OUT_OF_USE = 'out of use: ';

/** Note of an end at the planned time. */
export const TIME_IS_UP = 'time is up';

/** Note of an end because the workflow no longer runs; what became of the access may follow. */
export const WORKFLOW_STOPPED = 'its workflow stopped';
