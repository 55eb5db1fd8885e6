import type { ModalView } from '@slack/types';
import type { Refusal } from '../../../core/model/refusal.ts';
import { plain, section } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { sentenceFor } from '../../words/sentences.ts';
import { slackIdWords } from '../ephemerals.ts';

/**
 * Shown in place of the form to a person who may not use Glasshammer: the reason, and the Slack user id that an
 * operator needs to change that.
 */
export function strangerModal(refusal: Refusal, slackId: string): ModalView {
  return {
    type: 'modal',
    title: plain('Request AWS access', LIMITS.modalTitle),
    close: plain('Close', LIMITS.modalButton),
    blocks: [section(`:no_entry: ${sentenceFor(refusal)}`, slackIdWords(slackId))],
  };
}
