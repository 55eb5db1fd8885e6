import { toIsoDuration } from '../../../model/duration.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { oneLine } from '../../../model/text.ts';
import type { Suggestion } from './least-privilege.ts';

/**
 * Limit of Identity Center, in characters.
 * https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
 */
const LONGEST_NAME = 32;
/**
 * Limit of an inline policy, in characters.
 * https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html
 */
const LONGEST_POLICY = 32_768;
const SUFFIX = '-Less';

/**
 * A permission set that allows what was done and nothing else, as a file of a CDK app in TypeScript. It is a start, to
 * be read before it is deployed: its comment says what the suggestion does not know.
 *
 * @returns the code, or a sentence that says why there is none
 */
export function permissionSetCode(
  request: Pick<AccessRequest, 'id' | 'target' | 'names' | 'sessionSeconds'>,
  permissionSetName: string,
  suggestion: Suggestion | undefined,
): { readonly code: string } | { readonly none: string } {
  const { target } = request;
  if (isGroupTarget(target)) return { none: 'membership in a group cannot be told apart into actions' };
  if (suggestion === undefined) return { none: 'no call succeeded that a permission set could allow' };
  const policy = JSON.parse(suggestion.policy) as unknown;
  if (JSON.stringify(policy).length > LONGEST_POLICY)
    return { none: `the policy is longer than the ${LONGEST_POLICY} characters that an inline policy may have` };
  const name = `${permissionSetName.slice(0, LONGEST_NAME - SUFFIX.length)}${SUFFIX}`;
  const props = {
    instanceArn: instanceOf(target.permissionSetArn),
    name,
    description: `What was done by request ${request.id} with ${permissionSetName}`,
    sessionDuration: toIsoDuration(request.sessionSeconds),
    inlinePolicy: policy,
  };
  return {
    code: [
      "import { CfnPermissionSet } from 'aws-cdk-lib/aws-sso';",
      "import type { Construct } from 'constructs';",
      '',
      '/**',
      ` * Allows what was done by request ${inComment(request.id)} with ${inComment(permissionSetName)}.`,
      ...suggestion.limits.map((limit) => ` * - ${inComment(limit)}`),
      ' */',
      'export function addPermissionSet(scope: Construct): CfnPermissionSet {',
      `  return new CfnPermissionSet(scope, ${JSON.stringify(name)}, ${indented(JSON.stringify(props, undefined, 2))});`,
      '}',
      '',
    ].join('\n'),
  };
}

/** `arn:aws:sso:::permissionSet/ssoins-…/ps-…` belongs to `arn:aws:sso:::instance/ssoins-…`. */
function instanceOf(permissionSetArn: string): string {
  const [partition = 'aws', instanceId = ''] = [permissionSetArn.split(':')[1], permissionSetArn.split('/')[1]];
  return `arn:${partition}:sso:::instance/${instanceId}`;
}

/** Text for a comment of the code, which it cannot end. */
function inComment(text: string): string {
  return oneLine(text, 1000).replaceAll('*/', '* /');
}

function indented(json: string): string {
  return json.replaceAll('\n', '\n  ');
}
