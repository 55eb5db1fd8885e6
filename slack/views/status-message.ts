import type { Button } from '@slack/types';
import type { AccessRequest } from '../../core/model/request.ts';
import { actions, blocks, context, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { cut } from '../wording.ts';
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
 * The one message that lives through a request's whole story, in the thread of the alert: edited at every step, so that who
 * reads it at any time reads where things stand, and can do what can be done then. The buttons come first, for a phone shows no
 * more than that, and no fact is told twice.
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

/** What the person can do in this state. */
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
