import type { ModalView } from '@slack/types';
import type { AccessPreview } from '../../core/access/request/preview-access.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { FIELDS, MODALS } from '../actions.ts';
import { context, section } from '../blocks.ts';
import type { CallView } from '../call.ts';
import type { ModalData } from '../modal-data.ts';
import { slackDate } from '../words/wording.ts';
import { outcomeLines } from './asking/form-outcome.ts';
import { accessWords } from './asking/request-parts.ts';
import {
  durationInput,
  type FormReading,
  MAX_TICKET_LENGTH,
  modal,
  readDuration,
  readText,
  reasonInput,
  ticketInput,
} from './modal-parts.ts';

export interface ExtendModalData {
  /** The request the access lives on. */
  readonly access: AccessRequest;
  /** Where the answer is sent. */
  readonly data: ModalData;
  /** The configured maximum; what a policy leaves of it is checked when the person asks. Seconds. */
  readonly maxDurationSeconds: number;
  readonly defaultDurationSeconds: number;
  readonly chosenSeconds?: number;
  /** The expected outcome, and how much time is left; absent if it could not be determined. */
  readonly preview?: AccessPreview;
}

/** Asks for more time on live access: how much, and why. The target cannot be changed. */
export function extendModal(form: ExtendModalData): ModalView {
  const { access, data, maxDurationSeconds, defaultDurationSeconds, chosenSeconds, preview } = form;
  const left = Math.floor(preview?.longestSeconds ?? 0);
  const maxSeconds = left >= 60 && left < maxDurationSeconds ? left : maxDurationSeconds;
  const ticketPatterns = preview?.ticketPatterns ?? [];
  return modal({
    name: MODALS.extend,
    title: 'Extend access',
    submit: 'Extend',
    data: { ...data, requestId: access.id },
    blocks: [
      section(`Your ${accessWords(access)} ends ${slackDate(access.endsAt)}.`),
      durationInput({
        label: 'How much longer',
        maxSeconds,
        initialSeconds: Math.min(chosenSeconds ?? defaultDurationSeconds, maxSeconds),
        dispatch: true,
        ...(maxSeconds === maxDurationSeconds ? {} : { suffix: String(maxSeconds) }),
      }),
      reasonInput({ initial: access.reason, minLength: Math.max(1, preview?.reasonMinLength ?? 1) }),
      ticketInput({ initial: access.ticket, optional: ticketPatterns.length === 0 }),
      preview === undefined ? undefined : { ...section(...outcomeLines(preview)), block_id: 'outcome' },
      context('The time is added to the end. Approvers see since when you have it.'),
    ],
  });
}

/** Reads the submission. The id of the access is in the modal's data. */
export function readExtendModal({
  values,
}: CallView): FormReading<{ readonly durationSeconds: number; readonly reason: string; readonly ticket: string }> {
  const durationSeconds = readDuration(values);
  const reason = readText(values, FIELDS.reason);
  if (durationSeconds === undefined || reason === '') {
    return {
      ok: false,
      errors: {
        ...(durationSeconds === undefined ? { [FIELDS.duration]: 'Choose how much longer you need it.' } : {}),
        ...(reason === '' ? { [FIELDS.reason]: 'Say what you need it for.' } : {}),
      },
    };
  }
  return { ok: true, durationSeconds, reason, ticket: readText(values, FIELDS.ticket, MAX_TICKET_LENGTH) };
}
