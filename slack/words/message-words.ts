/** Members of attachments and blocks that hold text for people. Ids, addresses and button values are not among them. */
const SHOWN = ['text', 'pretext', 'title', 'value', 'fallback', 'footer', 'alt_text'] as const;
/** Members that hold further attachments and blocks. */
const NESTED = ['attachments', 'blocks', 'fields', 'elements', 'rows', 'columns', 'message_blocks', 'message'] as const;

/** Limits on nesting and text, in characters, because anybody may have written the message. The rest is ignored. */
const DEEPEST = 8;
const MOST_TEXT = 20_000;

/**
 * All text of a message in reading order: its text, then attachments and blocks. Labels of buttons are left out,
 * because they say nothing about what happened. The result has Slack's markup as it was sent.
 */
export function messageWords(message: unknown): string {
  const found: string[] = [];
  let length = 0;
  const visit = (value: unknown, depth: number): void => {
    if (depth > DEEPEST || length > MOST_TEXT) return;
    if (Array.isArray(value)) {
      for (const each of value) visit(each, depth + 1);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const fields = value as Record<string, unknown>;
    if (fields.type === 'button' || 'action_id' in fields) return;
    for (const key of SHOWN) {
      const text = fields[key];
      if (typeof text === 'object') visit(text, depth + 1);
      else if (typeof text === 'string' && text.trim() !== '' && !found.includes(text.trim())) {
        found.push(text.trim());
        length += text.length;
      }
    }
    for (const key of NESTED) visit(fields[key], depth + 1);
  };
  visit(message, 0);
  return found.join('\n').slice(0, MOST_TEXT);
}

/**
 * The address of a message in Slack, made from the fields of a call. It needs no call to Slack and works in channels
 * that the app is not in.
 *
 * @param domain `team.domain` of the workspace: `home` for `home.slack.com`
 */
export function messageLink(domain: string | undefined, channel: string, ts: string): string | undefined {
  if (domain === undefined || !/^[a-z0-9-]{1,60}$/i.test(domain)) return undefined;
  return `https://${domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}`;
}
