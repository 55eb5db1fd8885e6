import { compareBroadFirst } from '../broad-access.ts';
import { type Call, field } from '../call.ts';
import { remembered } from '../remember.ts';
import { resourcesOf } from '../resources.ts';
import { firstGiven, given, policiesIn, type Statement, statementsIn, texts, valuesIn } from '../rules/rule.ts';
import { isHidden, otherWords } from './what-else.ts';
import { networkWords } from './what-network.ts';
import { joinedBy, several } from './what-words.ts';

/** The longest line, in bytes as `bounded` counts them. It keeps the digest small, whatever the calls contain. */
export const LONGEST_WHAT = 130;

/**
 * What a call did, in one line. For calls whose parameters say more than names, the line says that (ranges and ports,
 * who may do what, the number and type of machines, the command, the query) and the ids that the call created. For
 * other calls, the names of the resources it touched. The caller chose these texts: not trusted, not yet escaped.
 */
export function whatOf(call: Call): readonly string[] {
  const line = describerOf(call.action)?.say(call) ?? '';
  const made = madeIds(call);
  const news = made.length === 0 ? '' : `made ${made.join(', ')}`;
  const policy = line === '' ? policyWords(call) : '';
  if (line !== '') return [joinedBy('; ', line, news)];
  const touched = resourcesOf(call);
  const more = otherWords(call, touched);
  if (policy === '' && news === '' && more.length === 0) return touched;
  return [joinedBy('; ', [...touched, ...more].join(', '), policy, news)];
}

interface Describer {
  readonly of: RegExp;
  readonly say: (call: Call) => string;
}

const DESCRIBERS: readonly Describer[] = [
  {
    of: /^ec2:(Authorize|Revoke)SecurityGroup|^ec2:ModifySecurityGroupRules|NetworkAclEntry$|:Authorize.*SecurityGroupIngress$/,
    say: networkWords,
  },
  { of: /^ec2:(RunInstances|RequestSpotInstances|CreateFleet)$/, say: launchWords },
  { of: /^ec2:(Start|Stop|Terminate|Reboot)Instances$/, say: manyInstances },
  { of: /^ec2:ModifyInstanceAttribute$/, say: attributeWords },
  { of: /^ec2:Modify(Snapshot|Image)Attribute$|^rds:ModifyDB(Cluster)?SnapshotAttribute$/, say: sharedWords },
  { of: /^ssm:(SendCommand|StartSession|StartAutomationExecution|CreateAssociation)$/, say: commandWords },
  {
    of: /^ecs:ExecuteCommand$/,
    say: (call) =>
      joinedBy(', ', name(call, 'task'), name(call, 'container'), hidden('command', firstGiven(call, 'command'))),
  },
  {
    of: /^(athena|redshift-data|rds-data|logs|dynamodb|timestream|glue|cloudtrail):.*(Query|Statement)/,
    say: queryWords,
  },
  {
    of: /^iam:(Attach|Detach)(User|Role|Group)Policy$/,
    say: (call) => joinedBy(' to ', lastPart(firstGiven(call, 'policyArn')), iamHolder(call)),
  },
  {
    of: /^iam:(Put(User|Role|Group)Policy|CreatePolicy(Version)?|UpdateAssumeRolePolicy|CreateRole)$/,
    say: (call) => joinedBy(': ', iamHolder(call) || lastPart(firstGiven(call, 'policyArn')), policyWords(call)),
  },
  {
    of: /^lambda:AddPermission$/,
    say: (call) =>
      `${firstGiven(call, 'functionName')}: ${firstGiven(call, 'principal')} may ${firstGiven(call, 'action')}`,
  },
  {
    of: /^kms:CreateGrant$/,
    say: (call) =>
      `${firstGiven(call, 'keyId')}: ${firstGiven(call, 'granteePrincipal')} may ${texts(given(call, 'operations').flat()).join(', ')}`,
  },
  { of: /^rds:(Create|Modify|Restore)DB/, say: databaseWords },
  { of: /^route53:ChangeResourceRecordSets$/, say: recordWords },
];

const describerOf = remembered((action) => DESCRIBERS.find(({ of }) => of.test(action)) ?? null);

/** Empty for up to three instances, which `whatOf` then names one by one; for more, their number matters. */
function manyInstances(call: Call): string {
  const ids = texts(given(call, 'instanceId'));
  return ids.length > 3 ? `${ids.length} instances: ${several(ids)}` : '';
}

function name(call: Call, member: string): string {
  const value = firstGiven(call, member);
  return value === '' ? '' : `${member} ${value}`;
}

function launchWords(call: Call): string {
  const [count = '1'] = texts([...given(call, 'maxCount'), ...given(call, 'minCount')]);
  const profile = texts(
    given(call, 'iamInstanceProfile').flatMap((value) =>
      typeof value === 'object' ? Object.values(value ?? {}) : [value],
    ),
  )[0];
  return joinedBy(
    ', ',
    `${count} x ${firstGiven(call, 'instanceType') || 'unknown type'}`,
    firstGiven(call, 'imageId'),
    firstGiven(call, 'keyName') === '' ? '' : `key ${firstGiven(call, 'keyName')}`,
    profile === undefined ? '' : `profile ${lastPart(profile)}`,
    hidden('user data', firstGiven(call, 'userData')),
  );
}

function attributeWords(call: Call): string {
  const userData = texts(
    given(call, 'userData').flatMap((value) => (typeof value === 'object' ? Object.values(value ?? {}) : [value])),
  )[0];
  return joinedBy(
    ': ',
    firstGiven(call, 'instanceId'),
    joinedBy(
      ', ',
      firstGiven(call, 'attribute'),
      given(call, 'userData').length > 0 ? hidden('user data', userData ?? 'hidden') : '',
    ),
  );
}

function sharedWords(call: Call): string {
  const added = texts([
    ...given(call, 'add').flatMap((value) => [...valuesIn(value, 'userid', 4), ...valuesIn(value, 'group', 4)]),
    ...given(call, 'valuesToAdd').flat(),
  ]);
  const removed = texts([
    ...given(call, 'remove').flatMap((value) => [...valuesIn(value, 'userid', 4), ...valuesIn(value, 'group', 4)]),
    ...given(call, 'valuesToRemove').flat(),
  ]);
  return joinedBy(
    ': ',
    firstGiven(call, 'snapshotId', 'imageId', 'dBSnapshotIdentifier', 'dBClusterSnapshotIdentifier'),
    joinedBy(
      ', ',
      added.length === 0 ? '' : `given to ${several([...added].sort(compareBroadFirst))}`,
      removed.length === 0 ? '' : `taken from ${several(removed)}`,
    ),
  );
}

function commandWords(call: Call): string {
  const commands = texts([...given(call, 'commands').flat(), ...given(call, 'command').flat()]);
  const areHidden = /HIDDEN/.test(JSON.stringify(field(call.request, 'parameters')));
  return joinedBy(
    ', ',
    firstGiven(call, 'documentName', 'name'),
    several(
      texts([...given(call, 'instanceIds').flat(), ...given(call, 'target')]).concat(
        texts(
          given(call, 'targets')
            .flatMap((value) => valuesIn(value, 'values', 3))
            .flat(),
        ),
      ),
    ),
    name(call, 'portNumber'),
    areHidden ? 'command hidden' : commands.length === 0 ? '' : hidden('command', commands.join(' ; ')),
  );
}

function queryWords(call: Call): string {
  return joinedBy(
    ': ',
    firstGiven(call, 'database', 'tableName', 'logGroupName', 'workGroup'),
    hidden('', firstGiven(call, 'queryString', 'sql', 'statement', 'queryStatement')),
  );
}

function databaseWords(call: Call): string {
  return joinedBy(
    ', ',
    firstGiven(call, 'dBInstanceIdentifier', 'dBClusterIdentifier'),
    ...['publiclyAccessible', 'deletionProtection', 'backupRetentionPeriod'].map((member) => name(call, member)),
    firstGiven(call, 'masterUserPassword') === '' ? '' : 'another master password',
    name(call, 'dBInstanceClass'),
  );
}

/** The first changes of DNS records: `Z1: UPSERT www.example.com. A 192.0.2.1`. */
function recordWords(call: Call): string {
  const changes = given(call, 'changes').flat();
  const words = changes.map((change) => {
    const [action] = texts(valuesIn(change, 'action', 2));
    const [named] = texts(valuesIn(change, 'name', 3));
    const [type] = texts(valuesIn(change, 'type', 3));
    return joinedBy(' ', action ?? '', named ?? '', type ?? '', several(texts(valuesIn(change, 'value', 5))));
  });
  return joinedBy(': ', firstGiven(call, 'hostedZoneId'), several(words));
}

function iamHolder(call: Call): string {
  for (const kind of ['user', 'role', 'group']) {
    const holder = firstGiven(call, `${kind}Name`);
    if (holder !== '') return `${kind} ${holder}`;
  }
  return firstGiven(call, 'policyName');
}

/** The first two statements of a call's policies: those for everybody or for every action first, denies last. */
function policyWords(call: Call): string {
  const statements = policiesIn(call).flatMap(statementsIn);
  const isDeny = (words: string) => Number(words.startsWith('deny'));
  const ordered = statements.map(statementWords).sort((a, b) => isDeny(a) - isDeny(b) || compareBroadFirst(a, b));
  return ordered.slice(0, 2).join('; ') + (ordered.length > 2 ? `; ${ordered.length - 2} more` : '');
}

function statementWords({ effect, principals, actions }: Statement): string {
  const who = principals.length === 0 ? '' : ` to ${several([...principals].sort(compareBroadFirst))}`;
  return `${effect.toLowerCase() || 'allow'} ${several([...actions].sort(compareBroadFirst))}${who}`;
}

function hidden(what: string, value: string): string {
  if (value === '') return '';
  if (isHidden(value)) return joinedBy(' ', what, 'hidden');
  return joinedBy(' ', what, value.slice(0, 120));
}

/** Members of a response that identify what the call created. */
const MADE =
  /^(instanceId|groupId|accessKeyId|snapshotId|imageId|volumeId|vpcId|subnetId|keyPairId|roleId|userId|policyId|commandId|sessionId|queryExecutionId|functionArn|stackId|taskDefinitionArn|taskArn|topicArn|queueUrl|dBInstanceArn|versionId|grantId|secretARN|networkAclId|routeTableId|internetGatewayId|trailARN|clusterArn|serviceArn|jobId|automationExecutionId|exportTaskIdentifier|arn)$/;

const namesWhatIsMade = remembered((member) => MADE.test(member));

const makes = remembered((action) =>
  /:(Create|Run|Request|Start|Send|Copy|Register|Import|Restore|Export|Allocate|Put|Publish)/.test(action),
);

function madeIds(call: Call): readonly string[] {
  if (call.errorCode !== '' || call.readOnly === true || !makes(call.action)) return [];
  const found = new Set<string>();
  collectMade(call.response, 5, found);
  if (found.size === 0) return [];
  // An id that is also in the request was not created by the call.
  const given = JSON.stringify(call.request ?? null);
  return [...found].filter((id) => !given.includes(JSON.stringify(id))).slice(0, 3);
}

function collectMade(value: unknown, depth: number, found: Set<string>): void {
  if (typeof value !== 'object' || value === null || depth === 0 || found.size >= MOST_LOOKED_AT) return;
  for (const member in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[member];
    if (typeof inner === 'string') {
      if (inner !== '' && namesWhatIsMade(member)) found.add(inner);
    } else if (typeof inner === 'object') collectMade(inner, depth - 1, found);
  }
}

/** The most ids collected from a response, including ids that are also in the request. */
const MOST_LOOKED_AT = 50;

function lastPart(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
