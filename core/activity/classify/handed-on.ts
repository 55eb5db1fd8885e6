import { compareText } from '../../model/text.ts';
import { isBroadAccess } from './broad-access.ts';
import { type Call, field } from './call.ts';
import { kindOf } from './call-kind.ts';
import { inTurn } from './in-turn.ts';
import { remembered } from './remember.ts';
import { flagByRule } from './rules/flag-actions.ts';
import { FLAGS } from './rules/flags.ts';

/** A role or credentials that a call gave to something else, which may still act with them after the access. */
export interface HandedOn {
  readonly at: string;
  readonly action: string;
  /** What received the role or credentials, by the best name in the record: a function, a stack, a user. */
  readonly to: string;
  /** The role, instance profile or kind of credential. */
  readonly power: string;
}

/** A `HandedOn` as a report keeps it: one entry for all repetitions. */
export interface HandedOnSoOften extends HandedOn {
  /** ISO 8601; of the first time. */
  readonly at: string;
  /** How often; absent in reports begun before this was counted. */
  readonly count?: number;
}

/** Parameters by which services receive a role to act with. */
const TAKES_A_ROLE =
  /^(role|roleArn|iamRole|iamRoleArn|taskRoleArn|executionRoleArn|jobRoleArn|serviceRole|serviceRoleArn|automationAssumeRole|iamInstanceProfile|executionRole|cloudWatchLogsRoleArn|stateMachineRoleArn|instanceProfileName|administrationRoleARN)$/i;

const takesARole = remembered((member) => TAKES_A_ROLE.test(member));

/** Members that name what received the role, best name first. */
const NAMES_THE_HOLDER = [
  'functionName',
  'stackName',
  'stackSetName',
  'instanceId',
  'family',
  'clusterName',
  'serviceName',
  'documentName',
  'name',
  'projectName',
  'jobName',
  'ruleName',
  'rule',
  'notebookInstanceName',
  'automationExecutionId',
];

/** Credentials that come without a role and work until they are deleted. */
const LASTING_CREDENTIALS: Readonly<Record<string, string>> = {
  'iam:CreateAccessKey': 'access key',
  'iam:CreateLoginProfile': 'console password',
  'iam:UpdateLoginProfile': 'console password',
  'iam:CreateServiceSpecificCredential': 'service credential',
  'iam:ResetServiceSpecificCredential': 'service credential',
  'iam:UploadSSHPublicKey': 'SSH key',
  'iam:UploadSigningCertificate': 'signing certificate',
};

/** Does this call create credentials that do not expire, rather than hand on a role? */
export function isLasting(action: string): boolean {
  return LASTING_CREDENTIALS[action] !== undefined;
}

/** The roles and credentials that a successful call handed on; empty for most calls. */
export function handedOnBy(call: Call): readonly HandedOn[] {
  if (call.readOnly === true) return [];
  const lasting = LASTING_CREDENTIALS[call.action];
  if (lasting !== undefined) {
    if (call.errorCode !== '') return [];
    const key = String(field(field(call.response, 'accessKey'), 'accessKeyId'));
    const user = String(field(call.request, 'userName') || field(field(call.response, 'accessKey'), 'userName'));
    return [
      {
        at: call.at,
        action: call.action,
        to: user === '' ? 'a user' : `user ${user}`,
        power: key === '' ? lasting : `${lasting} ${key}`,
      },
    ];
  }
  // IAM and STS take role parameters to manage the role or to begin a session, and such sessions are followed.
  if (/^(iam|sts|signin):/.test(call.action) || kindOf(call) !== 'write') return [];
  const roles = new Set<string>();
  collectRoles(call.request, roles, DEEPEST);
  const to = roles.size === 0 ? '' : holderOf(call);
  return [...roles].map((power) => ({ at: call.at, action: call.action, to, power }));
}

/**
 * Sorts the entries for a reader with room for a few. Those with lasting credentials, a role name that suggests full
 * rights, or a call whose flag has level `look` come first, then the rest. In both parts the first entry of each role
 * or kind of credential comes before the second of any, so that handing on one role again and again pushes out no other
 * role. The order depends on the entries alone, not on the order they are given in.
 */
export function inOrderOfPower<One extends HandedOn>(all: readonly One[]): readonly One[] {
  const ordered = [...all].sort(compareHanded);
  const isTelling = (one: One) => rankOf(one) < LEAST;
  const groupOf = ({ action, power }: One) => LASTING_CREDENTIALS[action] ?? power;
  return [ordered.filter(isTelling), ordered.filter((one) => !isTelling(one))].flatMap((some) =>
    inTurn(some, groupOf, compareHanded),
  );
}

const LEAST = 3;

function rankOf({ action, power }: HandedOn): number {
  if (isLasting(action)) return 0;
  if (isBroadAccess(power)) return 1;
  const flag = flagByRule(action);
  return flag !== undefined && FLAGS[flag].level === 'look' ? 2 : LEAST;
}

function compareHanded(a: HandedOn, b: HandedOn): number {
  return (
    rankOf(a) - rankOf(b) || compareText(a.action, b.action) || compareText(a.to, b.to) || compareText(a.power, b.power)
  );
}

/** EC2 wraps each list twice: `spotFleetRequestConfig.launchSpecifications.items[].iamInstanceProfile`. */
const DEEPEST = 10;

function collectRoles(value: unknown, roles: Set<string>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (Array.isArray(value)) {
    for (const item of value) collectRoles(item, roles, depth - 1);
    return;
  }
  for (const [member, inner] of Object.entries(value)) {
    if (!takesARole(member)) collectRoles(inner, roles, depth - 1);
    else for (const role of rolesIn(inner)) roles.add(role);
  }
}

/** EC2 wraps an instance profile as `{ arn }` or `{ name }`; Systems Manager passes a parameter as a list. */
function rolesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  const named = memberOf(value, 'arn', 1) || memberOf(value, 'name', 1);
  return named === '' ? [] : [named];
}

function holderOf(call: Call): string {
  const instances = field(field(call.response, 'instancesSet'), 'items');
  const started = Array.isArray(instances)
    ? instances.map((instance) => String(field(instance, 'instanceId'))).filter((id) => id !== '')
    : [];
  if (started.length > 0)
    return started.slice(0, 3).join(', ') + (started.length > 3 ? ` and ${started.length - 3} more` : '');
  for (const member of NAMES_THE_HOLDER) {
    const name = memberOf(call.request, member, 2) || memberOf(call.response, member, 2);
    if (name !== '') return name;
  }
  return '';
}

/** A text by the name of its member, ignoring case: EC2 begins some names with a capital letter. */
function memberOf(value: unknown, name: string, depth: number): string {
  if (typeof value !== 'object' || value === null || depth === 0) return '';
  const entries = Object.entries(value);
  const own = entries.find(
    ([member, inner]) => typeof inner === 'string' && member.toLowerCase() === name.toLowerCase(),
  );
  if (own !== undefined) return String(own[1]);
  for (const [, inner] of entries) {
    const found = memberOf(inner, name, depth - 1);
    if (found !== '') return found;
  }
  return '';
}
