import type { ModalView } from '@slack/types';
import { durationWords } from '../../../core/model/duration.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { FIELDS, MODALS } from '../../actions.ts';
import { section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import { requesterWords } from '../../people.ts';
import { reasonLines, targetWords } from '../asking/request-parts.ts';
import { durationInput, modal, noteInput, readDuration, readText } from '../modal-parts.ts';

/** A form for an approval with an optional note and an optional shorter duration. */
export function approveModal(request: AccessRequest): ModalView {
  const asked = durationWords(request.durationSeconds);
  return modal({
    name: MODALS.approve,
    title: 'Approve, or shorten',
    submit: 'Approve',
    data: { requestId: request.id },
    blocks: [
      section(`${requesterWords(request)} asks for ${targetWords(request)} for ${asked}.`),
      section(reasonLines(request)),
      durationInput({
        label: 'For how long',
        maxSeconds: request.durationSeconds,
        initialSeconds: Math.floor(request.durationSeconds),
      }),
      noteInput('Note', { optional: true, hint: 'The person who asked, the audit and the report show it.' }),
    ],
  });
}

/**
 * Reads the submission. `durationSeconds` is set only if it is shorter than what was asked for. Like everything in a
 * form it proves nothing, but it cannot make access longer.
 */
export function readApproveModal(
  { values }: CallView,
  request: AccessRequest,
): { readonly note: string; readonly durationSeconds?: number } {
  const note = readText(values, FIELDS.note);
  const seconds = readDuration(values);
  return seconds !== undefined && seconds < request.durationSeconds ? { note, durationSeconds: seconds } : { note };
}
