import { accessory, actionsElement, checkActionIds, contextElement, inputElement } from './check-elements.ts';
import { LIMITS, lengthOf } from './limits.ts';
import {
  all,
  anyText,
  anything,
  boolean,
  byType,
  type Fields,
  type Findings,
  fieldsList,
  isFields,
  list,
  object,
  plainText,
  type Rule,
  report,
  string,
} from './shape.ts';

const type = anything;
const block_id = string({ min: 1, max: LIMITS.blockId });

/**
 * The types of blocks that this emulator checks and its page shows. Any other type is refused by name, so that none
 * passes unchecked.
 */
const block: Rule = byType({
  header: object({ type, text: plainText(LIMITS.header) }, { block_id }),
  section: all(
    object(
      { type },
      {
        block_id,
        text: anyText(),
        fields: list(anyText(LIMITS.fieldText), { max: LIMITS.fields }),
        accessory,
        expand: boolean,
      },
    ),
    (value, pointer, findings) => {
      if (isFields(value) && value.text === undefined && value.fields === undefined)
        report(findings, `${pointer}/type`, 'must define either `text` or `fields`');
    },
  ),
  divider: object({ type }, { block_id }),
  context: object({ type, elements: list(contextElement, { max: LIMITS.contextElements }) }, { block_id }),
  actions: object({ type, elements: list(actionsElement, { max: LIMITS.actionsElements }) }, { block_id }),
  input: object(
    { type, label: plainText(LIMITS.label), element: inputElement },
    { block_id, hint: plainText(LIMITS.label), optional: boolean, dispatch_action: boolean },
  ),
  image: object(
    { type, alt_text: string({ min: 1, max: LIMITS.label }) },
    { block_id, title: plainText(LIMITS.label), image_url: string({ max: LIMITS.url }), slack_file: anything },
  ),
  markdown: object({ type, text: string({ min: 1, max: LIMITS.markdown }) }, { block_id }),
  rich_text: object({ type, elements: list(anything, { min: 0, max: 1_000 }) }, { block_id }),
});

/**
 * Checks a list of blocks. `pointer` is the list's JSON pointer, e.g. `/blocks`; `max` is the largest number of blocks.
 */
export function checkBlocks(blocks: unknown, pointer: string, max: number, findings: Findings): void {
  list(block, { min: 0, max })(blocks, pointer, findings);
  const seen = new Set<string>();
  for (const [index, each] of fieldsList(blocks).entries()) {
    checkActionIds(each, `${pointer}/${index}`, findings);
    if (typeof each.block_id !== 'string') continue;
    if (seen.has(each.block_id))
      report(
        findings,
        `${pointer}/${index}/block_id`,
        `\`block_id\` \`${each.block_id}\` already exists for another block`,
      );
    seen.add(each.block_id);
  }
}

/** The number of characters in all text objects of the blocks together. */
export function textLength(blocks: readonly Fields[]): number {
  let total = 0;
  const visit = (value: unknown) => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (isFields(value)) {
      for (const [name, field] of Object.entries(value)) {
        if (name === 'text' && typeof field === 'string') total += lengthOf(field);
        else visit(field);
      }
    }
  };
  visit(blocks);
  return total;
}

const modalFields = {
  blocks: anything,
  private_metadata: string({ max: LIMITS.privateMetadata }),
  callback_id: string({ max: LIMITS.callbackId }),
  external_id: string({ max: LIMITS.callbackId }),
};

const view: Rule = byType({
  home: object({ type, blocks: anything }, modalFields),
  modal: object(
    { type, title: plainText(LIMITS.viewLabel), blocks: anything },
    {
      ...modalFields,
      submit: plainText(LIMITS.viewLabel),
      close: plainText(LIMITS.viewLabel),
      clear_on_close: boolean,
      notify_on_close: boolean,
    },
  ),
});

/** The problems of a view, in Slack's words; empty if Slack would accept it. */
export function checkView(value: unknown): Findings {
  const findings: Findings = [];
  view(value, '/view', findings);
  if (!isFields(value)) return findings;
  checkBlocks(value.blocks, '/view/blocks', LIMITS.viewBlocks, findings);
  for (const [index, each] of fieldsList(value.blocks).entries()) {
    if (each.type === 'input' && value.type === 'modal' && value.submit === undefined)
      report(findings, `/view/blocks/${index}/input`, 'must define `submit` to use an `input` block in modals');
  }
  return findings;
}
