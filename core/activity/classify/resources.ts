import type { Call } from './call.ts';
import { remembered } from './remember.ts';

const MOST_PER_CALL = 3;

/** Members of a call's parameters that name what it touched. */
const NAMES_A_THING = /(arn|name|id|identifier|bucket|bucketname|key)$/i;

/** Members with similar names that name no resource, or whose values must not be in a mail. */
const NAMES_NOTHING =
  /filter|token|password|requestid|externalid|nonce|signature|cipher|contenttype|sessionname|displayname|callerreference|accesskey|publickey|privatekey|plaintext/i;

const namesWhat = remembered((member) =>
  NAMES_NOTHING.test(member) ? 'nothing' : NAMES_A_THING.test(member) ? 'a thing' : '',
);

/**
 * The resources a call touched, best effort, at most three: the ARNs CloudTrail lists, else names and ids found in the
 * call's parameters, each as `member value`. Only the first two levels are read. The values are chosen by the caller:
 * not trusted, not yet escaped.
 */
export function resourcesOf(call: Call): readonly string[] {
  if (call.resourceArns.length > 0) return call.resourceArns.slice(0, MOST_PER_CALL);
  const found: string[] = [];
  collect(call.request, found, 2);
  return found;
}

function collect(value: unknown, found: string[], depth: number): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  for (const member in value) {
    if (found.length >= MOST_PER_CALL) return;
    const names = namesWhat(member);
    if (names === 'nothing') continue;
    const inner = (value as Readonly<Record<string, unknown>>)[member];
    if (typeof inner === 'string') {
      if (inner !== '' && names === 'a thing') found.push(inner.startsWith('arn:') ? inner : `${member} ${inner}`);
    } else if (typeof inner === 'object' && (!Array.isArray(inner) || /Set$|^items$/.test(member))) {
      collectItems(inner, found, depth);
    }
  }
}

/** EC2 wraps lists as `instancesSet: { items: [{ instanceId }] }`; such lists do not count as a level. */
function collectItems(value: unknown, found: string[], depth: number): void {
  const items = typeof value === 'object' && value !== null && 'items' in value ? value.items : value;
  if (Array.isArray(items)) for (const item of items.slice(0, MOST_PER_CALL)) collect(item, found, 1);
  else collect(items, found, depth - 1);
}
