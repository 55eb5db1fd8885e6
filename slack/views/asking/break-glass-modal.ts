import type { ModalView } from '@slack/types';
import { durationWords } from '../../../core/model/duration.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { isGroupTarget, type Target } from '../../../core/model/target.ts';
import { FIELDS, MODALS } from '../../actions.ts';
import { context, section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import type { ModalData } from '../../modal-data.ts';
import type { WantedTarget } from '../../payload/break-glass-button.ts';
import { type FormReading, MAX_TICKET_LENGTH, modal, readText, reasonInput, ticketInput } from '../modal-parts.ts';
import { targetWords } from './request-parts.ts';

export interface BreakGlassModalData {
  /** What is asked for, by id and name. */
  readonly asked: Pick<AccessRequest, 'target' | 'names' | 'durationSeconds'>;
  /** Carried to the submission together with `asked`: where the button was pressed. */
  readonly data: ModalData;
  readonly reason?: string;
  readonly ticket?: string;
  /** Demanded by the policies; at least 1 here, because break-glass access always needs a reason. */
  readonly minReasonLength?: number;
  readonly ticketRequired?: boolean;
  /** The modal is pushed on top of the request form. */
  readonly onTop?: boolean;
}

/**
 * The second confirmation for access that nobody approves. It says how the access is audited, and asks for the reason.
 */
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
    // The ids always fit into the modal's data; the name of a group, by which a button may ask, does not.
    data: { ...data, wanted: wantedBy(asked.target), durationSeconds: asked.durationSeconds },
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

function wantedBy(target: Target): WantedTarget {
  return isGroupTarget(target)
    ? { group: target.groupId }
    : { accountId: target.accountId, permissionSet: target.permissionSetArn };
}

/** Reads the submission. The policies check reason and ticket afterwards. */
export function readBreakGlassModal({
  values,
}: CallView): FormReading<{ readonly reason: string; readonly ticket: string }> {
  const reason = readText(values, FIELDS.reason);
  if (reason === '') return { ok: false, errors: { [FIELDS.reason]: 'Say what is broken and what you will do.' } };
  return { ok: true, reason, ticket: readText(values, FIELDS.ticket, MAX_TICKET_LENGTH) };
}
