import type { Call } from './call.ts';
import { remembered } from './remember.ts';
import { isByService } from './rules/rule.ts';

/** What a call was made with, in a word or two: console, command line, tool, SDK, or a service for the requester. */
export function meansOf(call: Call): string {
  const { invokedBy } = call.identity;
  if (isByService(call) || (invokedBy !== '' && /\.amazonaws\.com/.test(invokedBy))) {
    const host = isByService(call) ? call.address : invokedBy;
    return `service ${host.replace(/\.amazonaws\.com(\.cn)?$/, '')}`;
  }
  if (call.fromConsole) return 'console';
  return meansByAgent(call.userAgent);
}

const meansByAgent = remembered((userAgent) => MEANS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? '');

/** The first match counts, most specific first: CloudShell runs the AWS CLI. The console has several user agents. */
const MEANS: readonly (readonly [RegExp, string])[] = [
  [/cloudshell/i, 'CloudShell'],
  [/terraform|opentofu/i, 'Terraform'],
  [/pulumi/i, 'Pulumi'],
  [/^aws-cli|\baws-cli\//i, 'CLI'],
  [/console|signin\.amazonaws\.com|AWS Internal|^Mozilla|Coral/i, 'console'],
  [/boto|aws-sdk|sdk-|AWSToolkit|aws-internal/i, 'SDK'],
];

/** Kinds of policy that can deny a call despite the identity's own policies, as AWS words them in the error message. */
const REFUSED_BY: readonly (readonly [RegExp, string])[] = [
  [/service control policy/i, 'service control policy'],
  [/resource control policy/i, 'resource control policy'],
  [/permissions boundary/i, 'permissions boundary'],
  [/session policy/i, 'session policy'],
  [/VPC endpoint policy/i, 'VPC endpoint policy'],
  [/resource-based policy/i, 'resource policy'],
];

/**
 * The kind of policy that denied a call, if the message says so; else empty. A denial by a policy of the organization
 * is not a missing permission.
 */
export function refusedBy({ errorMessage }: Pick<Call, 'errorMessage'>): string {
  if (errorMessage === '') return '';
  return REFUSED_BY.find(([pattern]) => pattern.test(errorMessage))?.[1] ?? '';
}
