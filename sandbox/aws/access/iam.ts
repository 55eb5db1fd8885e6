import { GUARD_POLICIES, type GuardForm } from '../../../core/sessions/guard-policy.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { Call, Operations } from '../wire/service.ts';
import type { ManagedPolicy, PolicyVersion, World } from '../world/world.ts';
import { awsManagedPolicy } from './aws-managed-policies.ts';

/** IAM's limits for managed policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_VERSIONS = 5;
const MOST_CHARACTERS = 6144;

interface PolicyInput {
  PolicyArn: string;
}

/**
 * IAM's operations on versions of managed policies: AWS managed ones, and those in the caller's account. A caller
 * cannot reach another account's policies.
 */
export function iam(world: World): Operations {
  function find(arn: string, call: Call): ManagedPolicy {
    const [, , , , accountId] = arn.split(':');
    const published = accountId === 'aws' ? awsManagedPolicy(arn) : undefined;
    if (published !== undefined) return newPolicy(arn, published, '2015-02-06T18:39:46.000Z');
    const policy = world.policies[arn];
    if (policy === undefined || accountId !== call.accountId)
      throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
    return policy;
  }

  /** A policy that the caller may change: AWS managed policies are refused. */
  function findOwn(arn: string, call: Call): ManagedPolicy {
    if (arn.includes('::aws:policy/')) throw new AwsError('AccessDenied', `Policy ${arn} is managed by AWS.`);
    return find(arn, call);
  }

  function findVersion(policy: ManagedPolicy, id: string): PolicyVersion {
    const version = policy.versions.find((candidate) => candidate.id === id);
    if (version === undefined)
      throw new AwsError('NoSuchEntity', `Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
    return version;
  }

  return {
    GetPolicy({ PolicyArn }: PolicyInput, call: Call) {
      const policy = find(PolicyArn, call);
      return {
        Policy: {
          PolicyName: policy.arn.split('/').at(-1),
          PolicyId: 'ANPASANDBOX',
          Arn: policy.arn,
          Path: policy.arn.slice(policy.arn.indexOf('/'), policy.arn.lastIndexOf('/') + 1),
          DefaultVersionId: policy.defaultVersion,
        },
      };
    },

    GetPolicyVersion({ PolicyArn, VersionId }: PolicyInput & { VersionId: string }, call: Call) {
      const policy = find(PolicyArn, call);
      const version = findVersion(policy, VersionId);
      return { PolicyVersion: { ...described(policy, version), Document: encodeURIComponent(version.document) } };
    },

    ListPolicyVersions({ PolicyArn }: PolicyInput, call: Call) {
      const policy = find(PolicyArn, call);
      const newestFirst = [...policy.versions].reverse();
      return {
        IsTruncated: false,
        Versions: { member: newestFirst.map((version) => described(policy, version)) },
      };
    },

    CreatePolicyVersion(
      { PolicyArn, PolicyDocument, SetAsDefault }: PolicyInput & { PolicyDocument: string; SetAsDefault?: string },
      call: Call,
    ) {
      const policy = findOwn(PolicyArn, call);
      if (!isPolicy(PolicyDocument)) throw new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.');
      if (PolicyDocument.replace(/\s/g, '').length > MOST_CHARACTERS)
        throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${MOST_CHARACTERS}`);
      if (policy.versions.length >= MOST_VERSIONS)
        throw new AwsError(
          'LimitExceeded',
          'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
        );
      const version: PolicyVersion = {
        id: `v${policy.nextVersion}`,
        document: PolicyDocument,
        createdAt: new Date(call.nowMs).toISOString(),
      };
      policy.nextVersion += 1;
      policy.versions.push(version);
      if (SetAsDefault === 'true') policy.defaultVersion = version.id;
      return { PolicyVersion: described(policy, version) };
    },

    DeletePolicyVersion({ PolicyArn, VersionId }: PolicyInput & { VersionId: string }, call: Call) {
      const policy = findOwn(PolicyArn, call);
      findVersion(policy, VersionId);
      if (policy.defaultVersion === VersionId)
        throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.');
      policy.versions = policy.versions.filter(({ id }) => id !== VersionId);
      return {};
    },
  };
}

function described({ defaultVersion }: ManagedPolicy, { id, createdAt }: PolicyVersion) {
  return { VersionId: id, IsDefaultVersion: id === defaultVersion, CreateDate: createdAt };
}

function isPolicy(document: string): boolean {
  try {
    const { Version, Statement } = JSON.parse(document) as { Version?: unknown; Statement?: unknown };
    return Version === '2012-10-17' && Array.isArray(Statement) && Statement.length > 0;
  } catch {
    return false;
  }
}

/** The document of the default version; `undefined` when there is no such policy. */
export function policyInForce(world: World, arn: string): string | undefined {
  const policy = world.policies[arn];
  return policy?.versions.find(({ id }) => id === policy.defaultVersion)?.document;
}

/** A newly created policy. @param createdAt ISO 8601 */
export function newPolicy(arn: string, document: string, createdAt: string): ManagedPolicy {
  return { arn, versions: [{ id: 'v1', document, createdAt }], defaultVersion: 'v1', nextVersion: 2 };
}

/** The ARN of an account's session guard, as the member stack deploys it. */
export function guardPolicyArn(accountId: string, form: GuardForm = 'boundary'): string {
  const { path, name } = GUARD_POLICIES[form];
  return `arn:aws:iam::${accountId}:policy${path}${name}`;
}
