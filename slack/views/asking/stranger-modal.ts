import type { ModalView } from '@slack/types';
import type { Refusal } from '../../../core/model/refusal.ts';
import { plain, section } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { sentenceFor } from '../../sentences.ts';
import { slackIdWords } from '../ephemerals.ts';

/** In the form's place for somebody who cannot have access: why, and the id by which an operator can change that. */
export function strangerModal(refusal: Refusal, slackId: string): ModalView {
  return {
    type: 'modal',
    title: plain('Request AWS access', LIMITS.modalTitle),
    close: plain('Close', LIMITS.modalButton),
    blocks: [section(`:no_entry: ${sentenceFor(refusal)}`, slackIdWords(slackId))],
  };
}
