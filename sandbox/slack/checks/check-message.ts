import { SlackError } from '../slack-error.ts';
import { checkBlocks, textLength } from './check-blocks.ts';
import { LIMITS, lengthOf } from './limits.ts';
import {
  all,
  anything,
  boolean,
  type Fields,
  type Findings,
  fieldsList,
  isFields,
  list,
  object,
  type Rule,
  report,
  string,
} from './shape.ts';

/** The content of a message. */
export interface Content {
  text: string;
  blocks: Fields[];
  attachments: Fields[];
}

const confirm = object(
  { text: string({ min: 1 }) },
  {
    title: string(),
    ok_text: string({ max: LIMITS.confirmButton }),
    dismiss_text: string({ max: LIMITS.confirmButton }),
  },
);

const legacyAction: Rule = all(
  object(
    { type: string({ oneOf: ['button', 'select'] }), text: string({ min: 1 }) },
    {
      id: string(),
      name: string({ min: 1 }),
      value: string({ max: LIMITS.attachmentActionValue }),
      style: string({ oneOf: ['default', 'primary', 'danger'] }),
      confirm,
      url: string({ max: LIMITS.url }),
      options: anything,
      option_groups: anything,
      selected_options: anything,
      data_source: string(),
      min_query_length: anything,
    },
  ),
  (value, pointer, findings) => {
    if (isFields(value) && value.name === undefined && value.url === undefined)
      report(findings, pointer, 'missing required field: name');
  },
);

/** Slack ignores most unknown fields of the legacy attachments, so this checks only the fields that Slack acts on. */
function checkAttachment(attachment: Fields, pointer: string, findings: Findings): void {
  if (attachment.blocks !== undefined)
    checkBlocks(attachment.blocks, `${pointer}/blocks`, LIMITS.messageBlocks, findings);
  if (attachment.actions === undefined) return;
  list(legacyAction, { min: 0, max: LIMITS.attachmentActions })(attachment.actions, `${pointer}/actions`, findings);
  if (fieldsList(attachment.actions).length > 0 && typeof attachment.callback_id !== 'string')
    report(findings, pointer, 'missing required field: callback_id');
  if (attachment.mrkdwn !== undefined) boolean(attachment.mrkdwn, `${pointer}/mrkdwn`, findings);
}

/**
 * Refuses the contents of messages that Slack refuses.
 *
 * @throws SlackError no_text, msg_too_long, msg_blocks_too_long, invalid_blocks, too_many_attachments,
 * invalid_attachments
 */
export function checkContent(content: Content, textLimit: number = LIMITS.messageText): void {
  const { text, blocks, attachments } = content;
  if (text.trim() === '' && blocks.length === 0 && attachments.length === 0) throw new SlackError('no_text');
  if (lengthOf(text) > textLimit) throw new SlackError('msg_too_long');
  const findings: Findings = [];
  checkBlocks(blocks, '/blocks', LIMITS.messageBlocks, findings);
  if (findings.length > 0) throw new SlackError('invalid_blocks', findings);
  if (textLength(blocks) > LIMITS.messageBlocksText) throw new SlackError('msg_blocks_too_long');
  if (attachments.length > LIMITS.attachments) throw new SlackError('too_many_attachments');
  for (const [index, attachment] of attachments.entries())
    checkAttachment(attachment, `/attachments/${index}`, findings);
  if (findings.length > 0) throw new SlackError('invalid_attachments', findings);
}
