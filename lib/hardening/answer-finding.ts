import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges a finding of cdk-nag on the construct it is about, so that synthesis does not fail.
 *
 * @param scope the construct the finding is about
 * @param rule the rule's short name, with the finding's detail for IAM4 and IAM5: `S1`, `IAM5[Resource::*]`
 * @param reason why the finding does not apply, in a sentence for reviewers of the template
 * @see https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
 */
export function answerFinding(scope: IConstruct, rule: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}
