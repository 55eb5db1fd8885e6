import { keep } from './aggregate/bounded.ts';
import { type ActivityDigest, LIMITS } from './aggregate/digest.ts';
import type { Call } from './call.ts';
import { iamActionsOf } from './iam-actions.ts';
import { remembered } from './remember.ts';

/** Resources of a call as a policy names them: ARNs, or patterns of them. */
type Naming = (request: Parameters, place: Place) => readonly (string | undefined)[];

interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** ARNs of resources that CloudTrail lists in the record. */
  readonly arns: readonly string[];
}

type Parameters = Readonly<Record<string, unknown>>;

/** Values that may go into a policy: no wildcard, because callers choose values, and short enough not to be cut. */
const PLAIN = /^[\w.:/=+@,#-]{1,120}$/;

/** Is there a rule that derives the resources of such calls? */
export function tellsResources(action: string): boolean {
  return namingOf(action) !== null;
}

/**
 * The resources to which a policy can be narrowed and still allow this call. `undefined` if the record does not name
 * all of them, or if IAM checks more than one kind of resource. The rules were reviewed service by service: a policy
 * that is too narrow fails at the moment it is needed.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function policyResourcesOf(call: Call, accountId: string): readonly string[] | undefined {
  const naming = namingOf(call.action);
  if (naming === null || typeof call.request !== 'object' || call.request === null) return undefined;
  const { region, resourceArns: arns } = call;
  const named = naming(call.request as Parameters, { partition: partitionOf(region), region, accountId, arns });
  const known = named.filter((arn) => arn !== undefined);
  return known.length > 0 && known.length === named.length ? known : undefined;
}

const iamActionsOfCall = remembered(iamActionsOf);

/**
 * Records the resources of a call under the IAM action that allowed it. An action has no resources (`null`) if one of
 * its calls does not name them or if there are too many. If there are too many actions, the resources of all are
 * dropped, so that the result does not depend on the order of reading.
 */
export function aggregatePolicyResources(digest: ActivityDigest, call: Call, accountId: string): void {
  if (digest.policyResourcesCut === true || !tellsResources(call.action)) return;
  const [action = '', ...more] = iamActionsOfCall(call.action);
  digest.policyResources ??= {};
  const known = Object.hasOwn(digest.policyResources, action) ? digest.policyResources[action] : [];
  if (known === null) return;
  const named = policyResourcesOf(call, accountId);
  if (known === undefined || named === undefined || more.length > 0) {
    digest.policyResources[action] = null;
  } else {
    const kept = [...known];
    const isWhole = named.every((arn) => !keep(kept, arn, LIMITS.resourcesPerAction));
    digest.policyResources[action] = isWhole ? kept : null;
  }
  if (Object.keys(digest.policyResources).length <= LIMITS.actionsWithResources) return;
  digest.policyResourcesCut = true;
  delete digest.policyResources;
}

const RULES: readonly (readonly [RegExp, Naming])[] = [
  [
    /^s3:((Get|Put|Delete)Bucket\w*|CreateBucket|ListObjects(V2)?|ListObjectVersions|HeadBucket)$/,
    ({ bucketName }, { partition }) => [after(`arn:${partition}:s3:::`, bucketName)],
  ],
  [
    /^s3:(Get|Head|Put|Delete)Object(Tagging|Acl)?$/,
    ({ bucketName }, { partition }) => [after(`arn:${partition}:s3:::`, bucketName, '/*')],
  ],
  [
    /^dynamodb:((Put|Get|Update|Delete)Item|Scan|(Create|Describe|Update|Delete)Table|(Update|Describe)(TimeToLive|ContinuousBackups))$/,
    ({ tableName, indexName }, place) =>
      indexName === undefined ? [inPlace('dynamodb', 'table/', tableName, place)] : [],
  ],
  [
    /^lambda:(Invoke|CreateFunction|DeleteFunction|GetFunction(Configuration)?|UpdateFunction(Code|Configuration)|AddPermission|RemovePermission|GetPolicy|PublishVersion|(Put|Delete|Get)FunctionConcurrency)$/,
    ({ functionName }, place) => [
      // If the name ends with a version or an alias, IAM checks that ARN.
      typeof functionName === 'string' && !functionName.startsWith('arn:') && functionName.includes(':')
        ? undefined
        : inPlace('lambda', 'function:', functionName, place),
    ],
  ],
  [
    /^sqs:(Send|Receive|Delete|Purge|Change|Get|Set|Add|Remove|Tag|Untag|ListQueueTags)\w+$/,
    ({ queueUrl }, { partition, region }) => {
      const [, accountId, name] = /^https:\/\/[^/]+\/(\d{12})\/([\w.-]+)$/.exec(String(queueUrl)) ?? [];
      return [name === undefined ? undefined : `arn:${partition}:sqs:${region}:${accountId}:${name}`];
    },
  ],
  [
    /^sns:(Publish|Subscribe|DeleteTopic|(Get|Set)TopicAttributes|(Add|Remove)Permission)$/,
    ({ topicArn }) => [arnOf('sns', topicArn)],
  ],
  [
    /^secretsmanager:(GetSecretValue|PutSecretValue|DescribeSecret|UpdateSecret|DeleteSecret|RestoreSecret|RotateSecret|(Get|Put|Delete)ResourcePolicy)$/,
    ({ secretId }, place) => [
      // AWS appends six characters to the name of a secret. Callers may omit them, also in an ARN.
      withSuffix(arnOf('secretsmanager', secretId)) ??
        after(`${inService('secretsmanager', place)}secret:`, secretId, '-??????'),
    ],
  ],
  [
    /^kms:(Decrypt|Encrypt|GenerateDataKey\w*|DescribeKey|Sign|Verify)$/,
    (_request, { arns }) => arns.filter((arn) => arn.includes(':key/')).map((arn) => arnOf('kms', arn)),
  ],
  [
    /^logs:(CreateLogGroup|DeleteLogGroup|(Put|Delete)RetentionPolicy|FilterLogEvents|DescribeLogStreams)$/,
    ({ logGroupName }, place) => [after(`${inService('logs', place)}log-group:`, logGroupName, ':*')],
  ],
  [
    /^ec2:(Start|Stop|Reboot|Terminate)Instances$/,
    ({ instancesSet }, place) => itemsOf(instancesSet).map((id) => inPlace('ec2', 'instance/', id, place)),
  ],
  [
    /^states:(StartExecution|(Describe|Update|Delete)StateMachine)$/,
    ({ stateMachineArn }) => [arnOf('states', stateMachineArn)],
  ],
  [
    /^ssm:(Get|Put|Delete)Parameter$/,
    ({ name }, place) => [
      // IAM ignores a version or label at the end. A parameter name has no colon, and an ARN has five.
      inPlace('ssm', 'parameter/', typeof name === 'string' ? withoutSelector(name.replace(/^\//, '')) : name, place),
    ],
  ],
  [
    /^rds:(Start|Stop|Reboot)DBInstance$/,
    ({ dBInstanceIdentifier }, place) => [inPlace('rds', 'db:', dBInstanceIdentifier, place)],
  ],
];

/** The services that have rules. Nearly every call is of another service, so they are checked before the rules. */
const SERVICES: ReadonlySet<string> = new Set(RULES.map(([pattern]) => /^\^(\w+):/.exec(pattern.source)?.[1] ?? ''));

/** `null`: no rule derives the resources of such calls. */
const namingOf = remembered((action): Naming | null => {
  if (!SERVICES.has(action.slice(0, action.indexOf(':')))) return null;
  return RULES.find(([pattern]) => pattern.test(action))?.[1] ?? null;
});

function itemsOf(set: unknown): readonly unknown[] {
  const { items } = (typeof set === 'object' && set !== null ? set : {}) as { readonly items?: unknown };
  return Array.isArray(items)
    ? items.map((item) => (item as { readonly instanceId?: unknown } | null)?.instanceId)
    : [];
}

/** An ARN as it is, or the ARN made from a name. */
function inPlace(service: string, kind: string, name: unknown, place: Place): string | undefined {
  return arnOf(service, name) ?? after(`${inService(service, place)}${kind}`, name);
}

function inService(service: string, { partition, region, accountId }: Place): string {
  return `arn:${partition}:${service}:${region}:${accountId}:`;
}

function arnOf(service: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || !PLAIN.test(value)) return undefined;
  const [arn, , of] = value.split(':');
  return arn === 'arn' && of === service ? value : undefined;
}

/** The name or ARN of a parameter without the `:3` or `:label` that selects one of its versions. */
function withoutSelector(name: string): string {
  const isArn = name.startsWith('arn:');
  return name
    .split(':')
    .slice(0, isArn ? 6 : 1)
    .join(':');
}

/**
 * The ARN of a secret, with a pattern for the six characters at its end if they are missing. Characters that only look
 * like them, as in a secret named `db-master`, are taken for them, as AWS does.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
function withSuffix(arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined;
  return /-[A-Za-z0-9]{6}$/.test(arn) ? arn : `${arn}-??????`;
}

/** A name between a prefix and an ending; `undefined` for an ARN. */
function after(beginning: string, name: unknown, ending = ''): string | undefined {
  return typeof name === 'string' && PLAIN.test(name) && !name.startsWith('arn:')
    ? `${beginning}${name}${ending}`
    : undefined;
}

function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
