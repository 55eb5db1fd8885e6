/**
 * Slack's limits, in characters or elements, from the Block Kit reference and `@slack/types` 3.2.0. Slack refuses a
 * whole message if one text is too long, so the functions that make blocks cut every text to its limit.
 */
export const LIMITS = {
  /** Blocks in one message. https://docs.slack.dev/reference/block-kit/blocks */
  messageBlocks: 50,
  /** Blocks in a modal or in the App Home. */
  viewBlocks: 100,
  /** A modal or the App Home as JSON, in bytes. https://docs.slack.dev/reference/methods/views.publish */
  viewBytes: 250_000,
  /** `text` of a message. A first post may have 40,000, but chat.update refuses more than 4,000. */
  messageText: 4000,
  /**
   * Undocumented but enforced by Slack: all texts of a message's blocks together,
   * https://github.com/slackapi/bolt-js/issues/2509
   */
  messageBlocksText: 13_200,
  sectionText: 3000,
  fieldText: 2000,
  fields: 10,
  contextElements: 10,
  headerText: 150,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  id: 255,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3000,
  labelText: 2000,
  placeholder: 150,
  inputMaxLength: 3000,
  options: 100,
  optionText: 75,
  /** `@slack/types` says 75, the reference page of the option object 150. */
  optionValue: 75,
  optionDescription: 75,
  optionGroupLabel: 75,
} as const;
