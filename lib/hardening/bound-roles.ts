import { Aspects, Fn } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';

/**
 * Bounds every role below by a managed policy. One that is named and not given by ARN is looked for in the account the role is made in,
 * which is what a role that travels to other accounts needs.
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
