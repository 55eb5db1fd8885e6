import { compareBroadFirst } from '../broad-access.ts';
import type { Call } from '../call.ts';
import { firstGiven, given, rangesIn, texts, valuesIn } from '../rules/rule.ts';
import { joinedBy, several } from './what-words.ts';

/** An object with one of these members is one rule about ports and address ranges. */
const RULE_MEMBERS: ReadonlySet<string> = new Set(['ipprotocol', 'protocol', 'aclprotocol', 'ruleaction']);
const DEEPEST = 8;
const MOST_RULES = 2;

/** The security group or network ACL and, rule by rule, its ports and ranges; rules open to everybody come first. */
export function networkWords(call: Call): string {
  const found: unknown[] = [];
  collectRules(call.request, DEEPEST, found);
  const rules = found.length === 0 ? [call.request] : found;
  const isOut = /Egress/.test(call.action) || texts(given(call, 'egress')).includes('true');
  const words = [...new Set(rules.map((request) => ruleWords({ request }, isOut ? 'to' : 'from')))].sort(
    compareBroadFirst,
  );
  const more = words.length > MOST_RULES ? ` and ${words.length - MOST_RULES} more` : '';
  return joinedBy(
    ': ',
    firstGiven(call, 'groupId', 'groupName', 'networkAclId', 'dBSecurityGroupName', 'cacheSecurityGroupName'),
    words.slice(0, MOST_RULES).join('; ') + more,
  );
}

function collectRules(value: unknown, depth: number, found: unknown[]): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (!Array.isArray(value) && Object.keys(value).some((member) => RULE_MEMBERS.has(member.toLowerCase()))) {
    found.push(value);
    return;
  }
  for (const inner of Object.values(value)) collectRules(inner, depth - 1, found);
}

function ruleWords(rule: Pick<Call, 'request'>, direction: 'from' | 'to'): string {
  const groups = texts([
    ...given(rule, 'sourceSecurityGroupId'),
    ...given(rule, 'referencedGroupId'),
    ...given(rule, 'groups').flatMap((group) => valuesIn(group, 'groupid', DEEPEST)),
  ]);
  const protocol = firstGiven(rule, 'ipProtocol', 'protocol', 'aclProtocol');
  const [first] = texts(given(rule, 'fromPort')).concat(texts(valuesIn(given(rule, 'portRange'), 'from', 3)));
  const [last] = texts(given(rule, 'toPort')).concat(texts(valuesIn(given(rule, 'portRange'), 'to', 3)));
  const ports =
    protocol === '-1'
      ? 'all ports'
      : first === undefined
        ? ''
        : first === last
          ? `port ${first}`
          : `ports ${first}-${last ?? ''}`;
  const whom = [...new Set([...rangesIn(rule), ...groups])].sort(compareBroadFirst);
  return joinedBy(
    ' ',
    firstGiven(rule, 'ruleAction'),
    protocol === '-1' ? '' : protocol,
    ports,
    whom.length === 0 ? '' : direction,
    several(whom),
  );
}
