import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Answers a finding of cdk-nag where it arises, so that synthesis does not fail on it.
 *
 * @param scope the construct the finding is about
 * @param rule the rule's short name, and for IAM4 and IAM5 what was found: `S1`, `IAM5[Resource::*]`
 * @param reason why the finding does not apply, in a sentence for whoever reviews the template
 * @see https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
 */
export function answerFinding(scope: IConstruct, rule: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}
