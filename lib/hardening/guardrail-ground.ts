import { type Names, namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { changesBusName } from '../watch/assignment-watch.ts';

/** A statement of a service control policy. */
export interface Forbidden {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** All of them have to hold. */
  readonly Condition: {
    readonly ArnNotLike: { readonly 'aws:PrincipalArn': readonly string[] };
    readonly ArnLike?: { readonly 'lambda:FunctionArn': string };
    readonly StringEquals?: { readonly 'aws:PrincipalAccount': string };
    /** Holds as well where AWS tells nothing of the key. */
    readonly StringEqualsIfExists?: { readonly 'aws:ResourceTag/aws:cloudformation:stack-name': string };
  };
}

/** What the statements of one deployment are made of. */
export interface Ground {
  readonly config: CheckedConfig;
  readonly names: Names;
  /**
   * Of something in the account of Glasshammer, in whichever Region: a table has replicas elsewhere that say the same, and characters are
   * few.
   */
  arn(service: string, rest: string): string;
  /** ARN of a role. @param where its account; Glasshammer's own unless said */
  role(name: string, where?: string): string;
  bucket(name: string): string;
  /** ARNs of the buses: of the audit, and of what the management account hands on. */
  readonly buses: readonly string[];
  /** Of the functions and the workflow. */
  readonly ownRoles: readonly string[];
  /** CloudFormation's, with which CDK deploys, and those that the configuration names. */
  readonly deployers: readonly string[];
  /** A statement that binds everybody but those roles. */
  forbid(sid: string, actions: readonly string[], resources: readonly string[], but: readonly string[]): Forbidden;
}

export function groundOf(config: CheckedConfig): Ground {
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
