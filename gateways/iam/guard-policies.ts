import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  type IAMClientConfig,
  ListPolicyVersionsCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import { deniesOnly, type GuardForm, type GuardPolicyName } from '../../core/sessions/guard-policy.ts';
import type { GuardPolicies } from '../../core/sessions/ports.ts';
import type { AccountSessions } from '../sts/account-sessions.ts';

/**
 * IAM keeps five versions of a managed policy, the default one among them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
 */
const MOST_VERSIONS = 5;

const SESSION_NAME = 'glasshammer-cut-sessions';

export interface GuardPoliciesOptions {
  readonly sessions: AccountSessions;
  /** Which of an account's two guard policies it is about. */
  readonly form: GuardForm;
  /** The name and path of the policy. */
  readonly policy: GuardPolicyName;
  readonly partition: string;
  /**
   * How the IAM clients call; credentials are set per account. IAM is one service for a whole partition, whatever the
   * Region.
   */
  readonly client?: IAMClientConfig;
}

/** Guard policies in IAM; each is written with a role of its own account. */
export function createGuardPolicies(options: GuardPoliciesOptions): GuardPolicies {
  const { sessions, form, partition, client } = options;
  const { path, name } = options.policy;

  /** @throws NoGuardHere if the role cannot be assumed: it does not exist, or does not trust Glasshammer */
  async function inAccount(accountId: string) {
    const credentials = await sessions.credentialsFor(accountId, SESSION_NAME).catch((error: unknown) => {
      throw isDenied(error) ? new NoGuardHere(accountId) : error;
    });
    return {
      iam: new IAMClient({ ...client, credentials }),
      PolicyArn: `arn:${partition}:iam::${accountId}:policy${path}${name}`,
    };
  }

  async function makeRoom(iam: IAMClient, PolicyArn: string): Promise<void> {
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 100 }));
    if (Versions.length < MOST_VERSIONS) return;
    const [oldest] = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).sort(
      (a, b) => numberOf(a.VersionId) - numberOf(b.VersionId),
    );
    if (oldest !== undefined)
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest.VersionId })).catch(unlessGone);
  }

  return {
    async read(accountId) {
      try {
        const { iam, PolicyArn } = await inAccount(accountId);
        const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
        const VersionId = Policy?.DefaultVersionId;
        const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
        // "The policy document returned in this structure is URL-encoded compliant with RFC 3986."
        // https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html
        return { versionId: VersionId ?? '', document: decodeURIComponent(PolicyVersion?.Document ?? '') };
      } catch (error) {
        if (error instanceof NoGuardHere || error instanceof NoSuchEntityException) return undefined;
        // An account's member stack from before the attached form was switched on has neither the policy nor a right to
        // it.
        if (form === 'attached' && isDenied(error)) return undefined;
        throw error;
      }
    },

    async write(accountId, document) {
      // The last check before IAM: an attached policy gives what it allows to everybody who has the permission set.
      if (form === 'attached' && !deniesOnly(document)) throw new GrantingGuardError(accountId);
      const { iam, PolicyArn } = await inAccount(accountId);
      await makeRoom(iam, PolicyArn);
      await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true }));
    },
  };
}

/** The document for an attached policy does not only deny. It is not written. */
class GrantingGuardError extends Error {
  override readonly name = 'GrantingGuardError';
}

/** The account has no role that Glasshammer may assume. */
class NoGuardHere extends Error {
  override readonly name = 'NoGuardHere';
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AccessDenied' || error.name === 'AccessDeniedException');
}

/** Somebody else deleted the version at the same moment: there is room now. */
function unlessGone(error: unknown): void {
  if (!(error instanceof NoSuchEntityException)) throw error;
}

/** `v12` is twelve: versions are numbered in the order they were made, and numbers are not used again. */
function numberOf(versionId: string | undefined): number {
  return Number((versionId ?? '').slice(1));
}
