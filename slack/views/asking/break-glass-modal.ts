import type { ModalView } from '@slack/types';
import { durationWords } from '../../../core/model/duration.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { FIELDS, MODALS } from '../../actions.ts';
import { context, section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import type { ModalData } from '../../modal-data.ts';
import { type FormReading, MAX_TICKET_LENGTH, modal, readText, reasonInput, ticketInput } from '../modal-parts.ts';
import { targetWords } from './request-parts.ts';

export interface BreakGlassModalData {
  /** What is asked for, by id and name. */
  readonly asked: Pick<AccessRequest, 'target' | 'names' | 'durationSeconds'>;
  /** Carried to the submission: the target that was pressed and where. */
  readonly data: ModalData;
  readonly reason?: string;
  readonly ticket?: string;
  /** Demanded by the policies; no shorter than 1 here, for breaking the glass always takes a reason. */
  readonly minReasonLength?: number;
  readonly ticketRequired?: boolean;
  /** It follows the request form. */
  readonly onTop?: boolean;
}

/** The second confirmation before access that nobody approves. It says how audited it will be, and asks why. */
export function breakGlassModal(modalData: BreakGlassModalData): ModalView {
  const {
    asked,
    data,
    reason = '',
    ticket = '',
    minReasonLength = 1,
    ticketRequired = false,
    onTop = false,
  } = modalData;
  return modal({
    name: MODALS.confirmBreakGlass,
    title: 'Break glass',
    submit: 'Break glass',
    data,
    onTop,
    blocks: [
      section(
        `:rotating_light: You get ${targetWords(asked)} for ${durationWords(asked.durationSeconds)} at once, without approval.`,
      ),
      context('Every approver is told now, everything you do is reported, and one of them reviews it afterwards.'),
      reasonInput({ initial: reason, minLength: Math.max(1, minReasonLength) }),
      ticketInput({ initial: ticket, optional: !ticketRequired }),
    ],
  });
}

/** Reads the submission. Whether reason and ticket satisfy the policies is the policies' to say. */
export function readBreakGlassModal({
  values,
}: CallView): FormReading<{ readonly reason: string; readonly ticket: string }> {
  const reason = readText(values, FIELDS.reason);
  if (reason === '') return { ok: false, errors: { [FIELDS.reason]: 'Say what is broken and what you will do.' } };
  return { ok: true, reason, ticket: readText(values, FIELDS.ticket, MAX_TICKET_LENGTH) };
}
