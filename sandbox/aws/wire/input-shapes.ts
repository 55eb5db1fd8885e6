import { validationError } from './aws-error.ts';

/** The constraints that AWS puts on a string. */
interface Shape {
  readonly pattern: RegExp;
  /** In characters. */
  readonly min?: number;
  readonly max?: number;
}

const GUID = '[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}';
const PARTITION = 'arn:aws(-[a-z]{1,5}){0,3}';
const INSTANCE = '(sso)?ins-[a-zA-Z0-9-.]{16}';

/** An id in the identity store: of a user, a group or a membership. */
const RESOURCE_ID: Shape = { pattern: new RegExp(`^([0-9a-f]{10}-|)${GUID}$`), min: 1, max: 47 };
const IDENTITY_STORE_ID: Shape = {
  pattern: /^d-[0-9a-f]{10}$|^[0-9a-f]{8}\b-[0-9a-f]{4}\b-[0-9a-f]{4}\b-[0-9a-f]{4}\b-[0-9a-f]{12}$/,
};
const ACCOUNT_ID: Shape = { pattern: /^\d{12}$/ };
const OPERATION_ID: Shape = { pattern: new RegExp(`^${GUID}$`), min: 36, max: 36 };
const OU = 'ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}';
const ROOT = 'r-[0-9a-z]{4,32}';

/**
 * The constraints of ids, by service and member, from the API references:
 * https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html,
 * https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroupMembership.html,
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html and
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. The SDK's own models do not have them.
 */
const SHAPES: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  'sso-admin': {
    InstanceArn: { pattern: new RegExp(`^${PARTITION}:sso:::instance/${INSTANCE}$`), min: 10, max: 1224 },
    PermissionSetArn: {
      pattern: new RegExp(`^${PARTITION}:sso:::permissionSet/${INSTANCE}/ps-[a-zA-Z0-9-./]{16}$`),
      min: 10,
      max: 1224,
    },
    PrincipalId: RESOURCE_ID,
    AccountId: ACCOUNT_ID,
    TargetId: ACCOUNT_ID,
    AccountAssignmentCreationRequestId: OPERATION_ID,
    AccountAssignmentDeletionRequestId: OPERATION_ID,
  },
  identitystore: {
    IdentityStoreId: IDENTITY_STORE_ID,
    UserId: RESOURCE_ID,
    GroupId: RESOURCE_ID,
    MembershipId: RESOURCE_ID,
  },
  organizations: {
    AccountId: ACCOUNT_ID,
    ParentId: { pattern: new RegExp(`^(${ROOT}|${OU})$`), max: 100 },
    ChildId: { pattern: new RegExp(`^(\\d{12}|${OU})$`), max: 100 },
    OrganizationalUnitId: { pattern: new RegExp(`^${OU}$`), max: 68 },
    ResourceId: { pattern: new RegExp(`^(${ROOT}|\\d{12}|${OU})$`), max: 130 },
  },
  sts: {
    RoleSessionName: { pattern: /^[\w+=,.@-]*$/, min: 2, max: 64 },
    // Any characters but control characters.
    RoleArn: { pattern: /^[^\p{Cc}]+$/u, min: 20, max: 2048 },
  },
};

/**
 * Checks every id in an input against AWS's constraints, at any depth.
 *
 * @throws AwsError ValidationException in AWS's words, naming the first id that does not fit
 */
export function checkInputShapes(service: string, input: unknown): void {
  const shapes = SHAPES[service];
  if (shapes !== undefined) checkMembers(shapes, input, '');
}

function checkMembers(shapes: Readonly<Record<string, Shape>>, value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
    const shape = Array.isArray(value) ? undefined : shapes[name];
    if (shape !== undefined && typeof member === 'string') checkString(shape, member, at);
    else checkMembers(shapes, member, at);
  }
}

function checkString({ pattern, min = 0, max = Number.POSITIVE_INFINITY }: Shape, value: string, at: string): void {
  const constraint =
    value.length < min
      ? `Member must have length greater than or equal to ${min}`
      : value.length > max
        ? `Member must have length less than or equal to ${max}`
        : pattern.test(value)
          ? undefined
          : `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`;
  if (constraint === undefined) return;
  throw validationError(
    `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ${constraint}`,
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Do the ids have AWS's format? Those of the default seed are shorter, so that people can read them. */
export function isAwsShaped({ instanceArn }: { readonly instanceArn: string }): boolean {
  return SHAPES['sso-admin']?.InstanceArn?.pattern.test(instanceArn) === true;
}
