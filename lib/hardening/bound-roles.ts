import { Aspects, Fn } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';

/**
 * Sets a managed policy as the permissions boundary of every role in the scope. A boundary given by name is resolved in
 * the account in which the role is made, as roles that a StackSet brings to other accounts need.
 */
export function boundRoles(scope: Construct, boundary: string | undefined): void {
  if (boundary === undefined) return;
  const arn = boundary.startsWith('arn:')
    ? boundary
    : Fn.sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${boundary}`);
  Aspects.of(scope).add({
    visit(node: IConstruct) {
      if (node instanceof CfnRole) node.permissionsBoundary = arn;
    },
  });
}
