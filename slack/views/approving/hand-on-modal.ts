import type { ModalView, StaticSelect } from '@slack/types';
import type { AccessRequest } from '../../../core/model/request.ts';
import { FIELDS, MODALS } from '../../actions.ts';
import { input, option, plain, section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import { LIMITS } from '../../limits.ts';
import { requesterWords } from '../../people.ts';
import { targetWords } from '../asking/request-parts.ts';
import { type FormReading, modal, noteInput, readText } from '../modal-parts.ts';

/** Asks an approver to whom the request is handed on. @param others other approvers who can decide it, by name */
export function handOnModal(
  request: AccessRequest,
  others: readonly { readonly principalId: string; readonly name: string }[],
): ModalView {
  const choices = others.slice(0, LIMITS.options).map(({ principalId, name }) => option(name, principalId));
  const element: StaticSelect = {
    type: 'static_select',
    options: choices,
    placeholder: plain('Who should look at it?', LIMITS.placeholder),
    ...(choices.length === 1 && choices[0] !== undefined ? { initial_option: choices[0] } : {}),
  };
  return modal({
    name: MODALS.handOn,
    title: 'Hand on',
    submit: 'Hand on',
    data: { requestId: request.id },
    blocks: [
      section(`${requesterWords(request)} asks for ${targetWords(request)}.`),
      input(FIELDS.person, 'To', element, { hint: 'They are told by name. Who may decide does not change.' }),
      noteInput('Note', { optional: true }),
    ],
  });
}

/** Reads the submission. Whether the chosen person can decide is checked afterwards. */
export function readHandOnModal({ values }: CallView): FormReading<{ readonly to: string; readonly note: string }> {
  const to = readText(values, FIELDS.person);
  return to === ''
    ? { ok: false, errors: { [FIELDS.person]: 'Choose who should look at it.' } }
    : { ok: true, to, note: readText(values, FIELDS.note) };
}
