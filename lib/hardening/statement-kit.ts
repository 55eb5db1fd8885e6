import { type Names, namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { changesBusName } from '../watch/assignment-watch.ts';

/** A statement of a service control policy. */
export interface Forbidden {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** All conditions have to hold. */
  readonly Condition: {
    readonly ArnNotLike: { readonly 'aws:PrincipalArn': readonly string[] };
    readonly ArnLike?: { readonly 'lambda:FunctionArn': string };
    readonly StringEquals?: { readonly 'aws:PrincipalAccount': string };
    /** Also holds where AWS provides no value for the key. */
    readonly StringEqualsIfExists?: { readonly 'aws:ResourceTag/aws:cloudformation:stack-name': string };
  };
}

/** What the statements of one deployment's service control policies are made of. */
export interface StatementKit {
  readonly config: CheckedConfig;
  readonly names: Names;
  /**
   * ARN of a resource in Glasshammer's account, in any Region: a table's replica in another Region has the same items.
   * The pattern also saves characters, which are limited.
   */
  arn(service: string, rest: string): string;
  /** ARN of a role. @param where its account. @default - Glasshammer's own */
  role(name: string, where?: string): string;
  bucket(name: string): string;
  /** ARNs of the event buses: the audit's, and the one for events from the management account. */
  readonly buses: readonly string[];
  /** Role patterns of the functions and the workflow. */
  readonly ownRoles: readonly string[];
  /** Role patterns of CloudFormation, with which CDK deploys, and of the deployers that the configuration names. */
  readonly deployers: readonly string[];
  /** Denies the actions to everybody except the roles in `but`. */
  forbid(sid: string, actions: readonly string[], resources: readonly string[], but: readonly string[]): Forbidden;
}

export function statementKit(config: CheckedConfig): StatementKit {
  const { account } = config.env;
  const names = namesFor(config);
  const { partition, prefix } = names;
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:*:${account}:${rest}`;
  const role = (name: string, where = account) => `arn:${partition}:iam::${where}:role/${name}`;
  return {
    config,
    names,
    role,
    arn,
    buses: [prefix, changesBusName(names)].map((name) => arn('events', `event-bus/${name}`)),
    bucket: (name) => `arn:${partition}:s3:::${name}`,
    ownRoles: [role(`${config.stackName}-*`), role(`${prefix}-*`)],
    deployers: [role('cdk-*-cfn-exec-role-*'), ...config.guardrail.deployers],
    forbid: (Sid, Action, Resource, but) => ({
      Sid,
      Effect: 'Deny',
      Action,
      Resource,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': but } },
    }),
  };
}
