import type { Forbidden, Ground } from './guardrail-ground.ts';

/** What decides and remembers: tables, rules, functions, the workflow, the streams and the doors. */
export function protectParts(ground: Ground): Forbidden[] {
  const { config, names, arn, ownRoles, deployers, forbid } = ground;
  const { prefix } = names;
  return [
    // A policy of a table or a function lets in whom it names, of whatever account, and binds where no policy of theirs does. A function
    // that anybody makes under a role of ours may do what ours may.
    forbid(
      'Parts',
      [
        'dynamodb:DeleteR*',
        'dynamodb:DeleteTable',
        'dynamodb:PutR*',
        'dynamodb:UpdateC*',
        'dynamodb:UpdateT*',
        'events:DeleteRule',
        'events:DisableRule',
        'events:Put*',
        'events:R*',
        'iam:PassRole',
        'lambda:*Permission',
        'lambda:DeleteF*',
        'lambda:PutF*',
        'lambda:UpdateF*',
        'states:DeleteStateMachine',
        'states:UpdateStateMachine',
      ],
      [
        arn('dynamodb', `table/${config.stackName}-Tables*`),
        arn('events', `rule/${config.stackName}-*`),
        arn('lambda', `function:${prefix}-*`),
        arn('states', `stateMachine:${prefix}-*`),
        ...ownRoles,
      ],
      deployers,
    ),
    streamsStatement(ground),
    ...doorStatements(ground),
  ];
}

/**
 * The streams by which the functions learn of each write to the tables: without them no edit by hand is noticed and no event is archived,
 * and one from elsewhere would tell of writes that never were. A mapping's own ARN is not known before there is one; that of its function is.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html (`lambda:FunctionArn`)
 */
function streamsStatement({ config, names, deployers, forbid }: Ground): Forbidden {
  const streams = forbid('Streams', ['lambda:*eEventSourceMapping'], ['*'], deployers);
  // Of this account; in whichever partition and region, because characters are few.
  const functions = `*:${config.env.account}:function:${names.prefix}-*`;
  return { ...streams, Condition: { ...streams.Condition, ArnLike: { 'lambda:FunctionArn': functions } } };
}

/**
 * What says who calls is API Gateway: whoever changes the policy or the authorizer of the API, or calls a function past it, is whoever
 * they say. The ARN of an API has no account in it, and its id is not known before there is one; so it is about every API of this
 * account that is of the same kind.
 */
function doorStatements({ config, names, arn, deployers, forbid }: Ground): Forbidden[] {
  const { account, region } = config.env;
  const { partition, prefix, policyChangesFunction } = names;
  const kinds = [...(config.api ? ['restapis'] : []), ...(config.console ? ['apis'] : [])];
  if (kinds.length === 0) return [];
  const apis = kinds.map((kind) => `arn:${partition}:apigateway:${region}::/${kind}/*`);
  const change = ['DELETE', 'PATCH', 'POST', 'PUT', 'UpdateRestApiPolicy'].map((verb) => `apigateway:${verb}`);
  const behind = [`${prefix}-api`, ...(config.policyChanges === undefined ? [] : [policyChangesFunction])];
  // Who calls a version or an alias, $LATEST too, is held against an ARN that ends with it.
  const functions = behind.map((name) => arn('lambda', `function:${name}*`));
  const door = forbid('Door', [...change, 'lambda:InvokeFunction'], [...apis, ...functions], deployers);
  return [{ ...door, Condition: { ...door.Condition, StringEquals: { 'aws:PrincipalAccount': account } } }];
}
