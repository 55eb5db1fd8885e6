import type { WireRequest } from '../wire/wire.ts';
import type { World } from '../world/world.ts';
import { directoryRights } from './directory-rights.ts';
import { isRecord, list, type RawInput, type RequiredRight, text } from './required-right.ts';

/** A call to authorize. Its input has not been checked, so any part of it may be missing. */
export interface JudgedCall {
  /** The function that made the call, as the functions' host says. Absent for other callers. */
  readonly functionName?: string;
  readonly accessKeyId: string;
  /** The suffix of the SDK package's name, e.g. `sso-admin`. */
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly request: WireRequest;
}

/** What is needed to build the ARNs of resources. */
export interface Surroundings {
  readonly world: World;
  /** A task token does not name its state machine; the sandbox has this one. */
  readonly stateMachineArn: string;
}

type RightsOfCall = (input: RawInput, around: Surroundings, call: JudgedCall) => readonly RequiredRight[];

/**
 * The rights that a call needs, by the actions and resources in AWS's service authorization reference.
 *
 * @returns `undefined` for an operation that is not listed here; such a call is denied
 */
export function requiredRights(call: JudgedCall, around: Surroundings): readonly RequiredRight[] | undefined {
  const input = isRecord(call.input) ? call.input : {};
  const directory = directoryRights(call.service, call.operation, input, around.world);
  return directory ?? RIGHTS_OF_CALLS[`${call.service}:${call.operation}`]?.(input, around, call);
}

/** An action on an item of a table. A query that names an index is authorized on the index alone. */
const onTable =
  (action: string): RightsOfCall =>
  (input, { world }) => {
    const table = tableArn(input.TableName, world);
    const index = input.IndexName === undefined ? '' : `/index/${text(input.IndexName)}`;
    return [
      { action: `dynamodb:${action}`, resources: [`${table}${index}`], ...leadingKeys([input.Key ?? input.Item]) },
    ];
  };

/**
 * The key `dynamodb:LeadingKeys` of a call: the partition keys of all items it names, which are the ids here. A call
 * that names none, such as a scan, does not have the key.
 */
function leadingKeys(items: readonly unknown[]): Pick<RequiredRight, 'context'> {
  const ids = items.flatMap((item) => (isRecord(item) && isRecord(item.id) ? [text(item.id.S)] : []));
  return ids.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': ids } };
}

/** Transactions have no actions of their own: each part needs the right for the same write outside of a transaction. */
const TRANSACTION_PARTS: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/**
 * The rights required for a transaction. AWS does not document whether IAM evaluates its keys one by one or together.
 * They are evaluated together here, so that what is allowed here is allowed either way.
 */
const inTransaction: RightsOfCall = (input, { world }) => {
  const keys = new Map<string, { action: string; table: string; items: unknown[] }>();
  for (const item of list(input.TransactItems)) {
    for (const [part, write] of Object.entries(item)) {
      const action = TRANSACTION_PARTS[part] ?? part;
      const table = tableArn(isRecord(write) ? write.TableName : undefined, world);
      const together = keys.get(`${action} ${table}`) ?? { action, table, items: [] };
      keys.set(`${action} ${table}`, together);
      if (isRecord(write)) together.items.push(write.Key ?? write.Item);
    }
  }
  return [...keys.values()].map(({ action, table, items }) => ({ action, resources: [table], ...leadingKeys(items) }));
};

const inBatch: RightsOfCall = (input, { world }) =>
  Object.entries(isRecord(input.RequestItems) ? input.RequestItems : {}).map(([table, of]) => ({
    action: 'dynamodb:BatchGetItem',
    resources: [tableArn(table, world)],
    ...leadingKeys(isRecord(of) ? list(of.Keys) : []),
  }));

const RIGHTS_OF_CALLS: Readonly<Record<string, RightsOfCall>> = {
  ...Object.fromEntries(
    ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'DescribeTable'].map((action) => [
      `dynamodb:${action}`,
      onTable(action),
    ]),
  ),
  'dynamodb:BatchGetItem': inBatch,
  'dynamodb:TransactWriteItems': inTransaction,

  'sfn:StartExecution': ({ stateMachineArn }) => [
    { action: 'states:StartExecution', resources: [text(stateMachineArn)] },
  ],
  'sfn:ListExecutions': ({ stateMachineArn }) => [
    { action: 'states:ListExecutions', resources: [text(stateMachineArn)] },
  ],
  'sfn:SendTaskSuccess': (_input, { stateMachineArn }) => [
    { action: 'states:SendTaskSuccess', resources: [stateMachineArn] },
  ],
  'sfn:GetExecutionHistory': ({ executionArn }) => [
    { action: 'states:GetExecutionHistory', resources: [text(executionArn)] },
  ],
  'sfn:DescribeExecution': ({ executionArn }) => [
    { action: 'states:DescribeExecution', resources: [text(executionArn)] },
  ],
  'sfn:StopExecution': ({ executionArn }) => [{ action: 'states:StopExecution', resources: [text(executionArn)] }],

  'secrets-manager:GetSecretValue': ({ SecretId }, { world }) => [
    {
      action: 'secretsmanager:GetSecretValue',
      // The call may have the secret's name; policies have its ARN.
      resources: [world.secrets.find(({ name }) => name === SecretId)?.arn ?? text(SecretId)],
    },
  ],

  'lambda:Invoke': ({ FunctionName }, { world }) => {
    const name = text(FunctionName);
    const arn = `arn:aws:lambda:${world.region}:${world.homeAccountId}:function:${name}`;
    return [{ action: 'lambda:InvokeFunction', resources: [name.startsWith('arn:') ? name : arn] }];
  },

  'sesv2:SendEmail': sendEmail,
  'sts:GetCallerIdentity': () => [],
  'sts:AssumeRole': ({ RoleArn }, { world }) => {
    const accountId = text(RoleArn).split(':')[4] ?? '';
    const ours = world.accounts.some(({ id }) => id === accountId);
    return [
      {
        action: 'sts:AssumeRole',
        resources: [text(RoleArn)],
        ...(ours ? { context: { 'aws:ResourceOrgID': world.organization.id } } : {}),
      },
    ];
  },
  'account:ListRegions': () => [{ action: 'account:ListRegions', resources: ['*'] }],
  ...Object.fromEntries(
    ['GetPolicy', 'GetPolicyVersion', 'ListPolicyVersions', 'CreatePolicyVersion', 'DeletePolicyVersion'].map(
      (action) => [
        `iam:${action}`,
        ({ PolicyArn }: RawInput) => [{ action: `iam:${action}`, resources: [text(PolicyArn)] }],
      ],
    ),
  ),
  // DescribeAlarms without alarm names is authorized on all alarms, with a prefix or without: AWS's denials name
  // `alarm:*`.
  'cloudwatch:DescribeAlarms': (_input, { world }) => [
    {
      action: 'cloudwatch:DescribeAlarms',
      resources: [`arn:aws:cloudwatch:${world.region}:${world.homeAccountId}:alarm:*`],
    },
  ],
  'cloudtrail:LookupEvents': () => [{ action: 'cloudtrail:LookupEvents', resources: ['*'] }],
  'cloudwatch-logs:StartQuery': ({ logGroupName }, { world }) => [
    { action: 'logs:StartQuery', resources: [logGroupArn(logGroupName, world)] },
  ],
  // GetQueryResults supports no resource-level permissions.
  'cloudwatch-logs:GetQueryResults': () => [{ action: 'logs:GetQueryResults', resources: ['*'] }],
  'eventbridge:PutEvents': ({ Entries }, { world }) =>
    list(Entries).map(({ EventBusName = 'default' }) => ({
      action: 'events:PutEvents',
      resources: [
        text(EventBusName).startsWith('arn:')
          ? text(EventBusName)
          : `arn:aws:events:${world.region}:${world.homeAccountId}:event-bus/${text(EventBusName)}`,
      ],
    })),
  's3:PutObject': (_input, _around, { request }) => {
    const resources = [`arn:aws:s3:::${objectPath(request.path)}`];
    const locked = request.headers['x-amz-object-lock-mode'] !== undefined;
    return [{ action: 's3:PutObject', resources }, ...(locked ? [{ action: 's3:PutObjectRetention', resources }] : [])];
  },
  's3:GetObject': (_input, _around, { request }) => [
    { action: 's3:GetObject', resources: [`arn:aws:s3:::${objectPath(request.path)}`] },
  ],
};

/**
 * The rights required for SendEmail: the sender's verified identity, an address or a domain; in the SES sandbox also
 * the recipients' identities.
 */
function sendEmail(input: RawInput, { world }: Surroundings): readonly RequiredRight[] {
  const from = text(input.FromEmailAddress);
  const destination = isRecord(input.Destination) ? input.Destination : {};
  const recipients = Object.values(destination).flatMap((addresses) =>
    Array.isArray(addresses) ? addresses.map(text) : [],
  );
  const identityOf = (address: string) => {
    const bare = /<([^<>]+)>$/.exec(address)?.[1] ?? address;
    const name = world.ses.identities.includes(bare) ? bare : bare.slice(bare.indexOf('@') + 1);
    return `arn:aws:ses:${world.region}:${world.homeAccountId}:identity/${name}`;
  };
  const identities = [from, ...(world.ses.productionAccess ? [] : recipients)].map(identityOf);
  return [{ action: 'ses:SendEmail', resources: [...new Set(identities)], context: { 'ses:FromAddress': from } }];
}

function logGroupArn(name: unknown, world: World): string {
  return `arn:aws:logs:${world.region}:${world.homeAccountId}:log-group:${text(name)}:*`;
}

function tableArn(name: unknown, world: World): string {
  const table = text(name);
  return table.startsWith('arn:') ? table : `arn:aws:dynamodb:${world.region}:${world.homeAccountId}:table/${table}`;
}

/** Converts `/bucket/key?query` to `bucket/key`. */
function objectPath(path: string): string {
  return decodeURIComponent(path.split('?')[0] ?? '').replace(/^\//, '');
}
