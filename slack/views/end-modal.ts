import type { ModalView } from '@slack/types';
import type { AccessRequest } from '../../core/model/request.ts';
import { FIELDS, MODALS } from '../actions.ts';
import { section } from '../blocks.ts';
import type { CallView } from '../call.ts';
import { requesterWords } from '../people.ts';
import { slackDate } from '../words/wording.ts';
import { accessWords } from './asking/request-parts.ts';
import { type FormReading, modal, noteInput, readText } from './modal-parts.ts';

/** Asks an approver why another person's access has to end now. The note is required, because that person reads it. */
export function endModal(access: AccessRequest): ModalView {
  return modal({
    name: MODALS.endAccess,
    title: 'End access',
    submit: 'End it now',
    data: { requestId: access.id },
    blocks: [
      section(`${requesterWords(access)} has ${accessWords(access)} until ${slackDate(access.endsAt)}.`),
      noteInput('Why end it now?', { optional: false, hint: 'The person reads this, and that it was you.' }),
    ],
  });
}

/** Reads the submission. The id of the access is in the modal's data. */
export function readEndModal({ values }: CallView): FormReading<{ readonly note: string }> {
  const note = readText(values, FIELDS.note);
  return note === ''
    ? { ok: false, errors: { [FIELDS.note]: 'Say why, so that they know what to do instead.' } }
    : { ok: true, note };
}
