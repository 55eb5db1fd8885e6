import type { Button } from '@slack/types';
import type { AccessRequest } from '../../core/model/request.ts';
import { actions, blocks, context, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { cut } from '../words/wording.ts';
import {
  aboutLines,
  cancelButton,
  doneButton,
  extendButton,
  nudgeButton,
  portalButton,
  reasonLines,
  smallPrint,
  soFarButton,
} from './asking/request-parts.ts';
import { type StatusPeople, statusLines } from './status-lines.ts';

export interface StatusMessageData extends StatusPeople {
  readonly request: AccessRequest;
  /** Address of the AWS access portal. */
  readonly portalUrl: string;
}

/**
 * The status message of a request, in the thread of the alert. It is edited at every step, so that it always shows the
 * current state and the buttons that apply to it. The buttons follow the headline, because a phone shows no more than
 * that. No fact appears twice.
 */
export function statusMessage({ portalUrl, ...data }: StatusMessageData): MessageView {
  const { request } = data;
  const { sign, headline, notes } = statusLines(request, data);
  return {
    text: cut(`${sign} ${headline}`, LIMITS.messageText),
    blocks: blocks(
      section(`${sign} ${headline}`, ...notes),
      actions(...buttonsFor(request, portalUrl)),
      section(reasonLines(request), request.origin.kind === 'alert' ? '' : aboutLines(request)),
      context(...smallPrint(request)),
    ),
  };
}

/** The buttons that the requester can use in this state. */
function buttonsFor(request: AccessRequest, portalUrl: string): (Button | undefined)[] {
  switch (request.state) {
    case 'pending':
      return [nudgeButton(request), cancelButton(request)];
    case 'scheduled':
      return [cancelButton(request)];
    case 'active':
      return [portalButton(request, portalUrl), doneButton(request), extendButton(request), soFarButton(request)];
    default:
      return [];
  }
}
