import { LIMITS } from '../../slack/limits.ts';

type Fields = Record<string, unknown>;

/** The limits of Slack that a view exceeds. Checks the finished view, independently of the code that builds it. */
export function breaches(view: {
  readonly blocks: readonly unknown[];
  readonly text?: string;
  readonly type?: string;
}): string[] {
  const found: string[] = [];
  const isView = view.type === 'modal' || view.type === 'home';
  const most = isView ? LIMITS.viewBlocks : LIMITS.messageBlocks;
  if (view.blocks.length > most) found.push(`${view.blocks.length} blocks`);
  if (view.blocks.length === 0) found.push('no blocks');
  if (isView && Buffer.byteLength(JSON.stringify(view)) > 250_000) found.push('bytes');
  if (!isView && (view.text === undefined || view.text === '' || view.text.length > LIMITS.messageText))
    found.push('text');
  const fields = view as Fields;
  for (const name of ['title', 'submit', 'close']) {
    if (fields[name] !== undefined) length(fields[name], name, 24, found);
  }
  if (String(fields.private_metadata ?? '').length > LIMITS.privateMetadata) found.push('private_metadata');
  const blocks = view.blocks as Fields[];
  for (const block of blocks) checkBlock(block, found);
  if (!isView && JSON.stringify(blocks.map(texts)).length > LIMITS.messageBlocksText) found.push('texts of all blocks');
  unique(
    blocks.map((block) => block.block_id),
    'block_id',
    found,
  );
  unique(
    blocks.flatMap((block) => elementsOf(block).map((element) => element.action_id)),
    'action_id',
    found,
  );
  return found;
}

/** Markup that only a person's text could have brought in: a raw `<`, a bare `&`, a mention of everybody. */
export function smuggled(text: string): string[] {
  const ours = /<@[A-Z0-9]+>|<!date\^\d+\^[^<>|]*\|[^<>|]*>/g;
  const rest = text.replace(ours, '').replace(/^> /gm, '');
  return rest.match(/[<>]|&(?!amp;|lt;|gt;)|@(?:here|channel|everyone)\b|[\u202a-\u202e\u2066-\u2069]/gi) ?? [];
}

/** Every text of a view in which Slack interprets markup. */
export function markupOf(view: { readonly blocks: readonly unknown[]; readonly text?: string }): string[] {
  return [...(view.text === undefined ? [] : [view.text]), ...view.blocks.flatMap(texts)];
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as Fields;
  return type === 'mrkdwn' ? [String(text)] : Object.values(value).flatMap(texts);
}

function checkBlock(block: Fields, found: string[]): void {
  const elements = elementsOf(block);
  switch (block.type) {
    case 'section':
      if (block.text !== undefined) length(block.text, 'section', 3000, found);
      for (const field of (block.fields ?? []) as unknown[]) length(field, 'field', 2000, found);
      if (((block.fields ?? []) as unknown[]).length > 10) found.push('fields');
      if (block.text === undefined && block.fields === undefined) found.push('empty section');
      break;
    case 'header':
      length(block.text, 'header', 150, found);
      break;
    case 'context':
      for (const element of elements) length(element, 'context', 3000, found);
      if (elements.length < 1 || elements.length > 10) found.push('context elements');
      break;
    case 'actions':
      if (elements.length < 1 || elements.length > 25) found.push('actions elements');
      break;
    case 'input':
      length(block.label, 'label', 2000, found);
      break;
    default:
      found.push(`block type ${String(block.type)}`);
  }
  for (const element of elements) checkElement(element, found);
}

function checkElement(element: Fields, found: string[]): void {
  for (const id of [element.action_id])
    if (id !== undefined && (id === '' || String(id).length > 255)) found.push('action_id');
  if (element.type === 'button') {
    length(element.text, 'button', 75, found);
    if (String(element.value ?? '').length > 2000) found.push('value');
    if (String(element.url ?? '').length > 3000) found.push('url');
    const confirm = element.confirm as Fields | undefined;
    if (confirm !== undefined) {
      length(confirm.title, 'confirm title', 100, found);
      length(confirm.text, 'confirm text', 300, found);
      length(confirm.confirm, 'confirm yes', 30, found);
      length(confirm.deny, 'confirm no', 30, found);
    }
  }
  if (element.placeholder !== undefined) length(element.placeholder, 'placeholder', 150, found);
  if (String(element.initial_value ?? '').length > 3000) found.push('initial_value');
  for (const option of [...((element.options ?? []) as Fields[]), element.initial_option as Fields | undefined]) {
    if (option === undefined) continue;
    length(option.text, 'option', 75, found);
    if (String(option.value).length < 1 || String(option.value).length > 75) found.push('option value');
  }
}

function elementsOf(block: Fields): Fields[] {
  return [...((block.elements ?? []) as Fields[]), ...(block.element === undefined ? [] : [block.element as Fields])];
}

function length(object: unknown, what: string, max: number, found: string[]): void {
  const text = (object as { text?: unknown } | undefined)?.text;
  if (typeof text !== 'string' || text.length < 1 || text.length > max) found.push(`${what}: ${String(text).length}`);
}

function unique(ids: readonly unknown[], what: string, found: string[]): void {
  const given = ids.filter((id) => id !== undefined);
  if (new Set(given).size !== given.length) found.push(`${what} twice`);
}
