import type { ModalView } from '@slack/types';
import type { AccessRequest } from '../../../core/model/request.ts';
import { FIELDS, MODALS } from '../../actions.ts';
import { section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import { requesterWords } from '../../people.ts';
import { targetWords } from '../asking/request-parts.ts';
import { type FormReading, modal, noteInput, readText } from '../modal-parts.ts';

/**
 * Asks an approver for the reason of a denial. It is required, because the requester has to know what to do instead.
 */
export function denyModal(request: AccessRequest): ModalView {
  return modal({
    name: MODALS.deny,
    title: 'Deny request',
    submit: 'Deny',
    data: { requestId: request.id },
    blocks: [
      section(`${requesterWords(request)} asks for ${targetWords(request)}.`),
      noteInput('Why not?', { optional: false, hint: 'The person who asked reads this.' }),
    ],
  });
}

/** Reads the submission. The request's id is in the modal's data. */
export function readDenyModal({ values }: CallView): FormReading<{ readonly note: string }> {
  const note = readText(values, FIELDS.note);
  return note === ''
    ? { ok: false, errors: { [FIELDS.note]: 'Say why, so that they know what to do instead.' } }
    : { ok: true, note };
}
