/**
 * Slack's limits. Lengths are in characters (code points). Sources:
 * - [types] the field comments of @slack/types 3.2.0, which repeat docs.slack.dev/reference/block-kit;
 * - [methods] docs.slack.dev/reference/methods;
 * - [interactivity] docs.slack.dev/interactivity/handling-user-interaction;
 * - [legacy] docs.slack.dev/legacy/legacy-messaging/legacy-message-buttons and the field guide beside it.
 */
export const LIMITS = {
  /**
   * [methods] chat.postMessage truncates longer text. The emulator refuses it, so that no truncated message goes
   * unnoticed.
   */
  messageText: 40_000,
  /** [methods] chat.update answers msg_too_long above this limit, which is far below that of chat.postMessage. */
  updateText: 4_000,
  /** [methods] The number of blocks in one message. */
  messageBlocks: 50,
  /**
   * Undocumented: the length of all texts in a message's blocks together, msg_blocks_too_long (slackapi/bolt-js#2509).
   */
  messageBlocksText: 13_200,
  /** [methods] too_many_attachments. */
  attachments: 100,
  /** [legacy] The number of actions in one attachment. */
  attachmentActions: 5,
  /** [legacy] The value of an attachment's action. */
  attachmentActionValue: 2_000,
  /** [types] BaseView.blocks. */
  viewBlocks: 100,
  /** [types] The title, submit and close labels of a modal. */
  viewLabel: 24,
  /** [types] BaseView.private_metadata. */
  privateMetadata: 3_000,
  /** [types] callback_id; external_id by [methods] views.update. */
  callbackId: 255,
  /** [methods] views.open, view_too_large; bytes. */
  viewBytes: 250_000,
  /** [methods] views.push, push_limit_reached. */
  modalStack: 3,
  /** [types] Block.block_id. */
  blockId: 255,
  /** [types] Actionable.action_id. */
  actionId: 255,
  /** [types] SectionBlock.text, and any text object without a smaller limit. */
  text: 3_000,
  /** [types] SectionBlock.fields. */
  fields: 10,
  fieldText: 2_000,
  /** [types] HeaderBlock.text. */
  header: 150,
  /** [types] ContextBlock.elements. */
  contextElements: 10,
  /** [types] ActionsBlock.elements. */
  actionsElements: 25,
  /** [types] MarkdownBlock.text. */
  markdown: 12_000,
  /** [types] InputBlock.label and hint; ImageBlock.alt_text and title. */
  label: 2_000,
  /** [types] Button. */
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  /** [types] Confirm: title, text, confirm and deny. */
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** [types] Placeholdable.placeholder. */
  placeholder: 150,
  /**
   * [types] Option: text, value and description. docs.slack.dev now says 150 for the value; the emulator keeps the
   * smaller limit.
   */
  optionText: 75,
  optionValue: 75,
  /** [types] StaticSelect.options and option_groups, OptionGroup.options. */
  selectOptions: 100,
  optionGroups: 100,
  optionGroupLabel: 75,
  /** [types] Overflow.options. */
  overflowOptions: 5,
  /** [types] Checkboxes.options, RadioButtons.options. */
  choiceOptions: 10,
  /** [types] PlainTextInput.min_length and max_length; also Slack's maximum where max_length is not given. */
  inputLength: 3_000,
  /** [types] ExternalSelect.min_query_length where it is not given. */
  minQueryLength: 3,
  /** [methods] conversations.members: the default and the largest page size. */
  membersPage: 100,
  membersPageMost: 1_000,
  /** [interactivity] How long the app has to answer, and how long a trigger_id is valid. */
  answerMs: 3_000,
  triggerMs: 3_000,
  /** [interactivity] How often a response_url may be used, and for how long. */
  responseUrlUses: 5,
  responseUrlMs: 30 * 60 * 1000,
} as const;

/** The length of a text as Slack counts it, in code points. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
