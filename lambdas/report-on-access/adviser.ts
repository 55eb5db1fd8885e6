import { IAMClient } from '@aws-sdk/client-iam';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { createAdviser, type PermissionSetAdviser } from '../../core/activity/report/advice/advise-permission-set.ts';
import { guardNames } from '../../core/sessions/guard-policy.ts';
import { EVERY_ACTION_FILE, readEveryAction } from '../../gateways/iam/every-action.ts';
import { keepAnswers } from '../../gateways/identity-center/kept-directory.ts';
import { createPermissionSetContents } from '../../gateways/identity-center/permission-set-contents.ts';
import { once } from '../shared/once.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { givableBy } from '../shared/services/configured-targets.ts';
import { decidingDirectory } from '../shared/services/identity-center.ts';
import { policyStore } from '../shared/services/tables.ts';
import type { Settings } from '../shared/settings.ts';

/** Finds which permission set would have been enough. @param timeLimit resolves after so many milliseconds */
export function permissionSetAdviser(
  environment: {
    readonly accessTable: string;
    readonly requestTable: string;
    readonly instance: string;
    readonly identityStore: string;
    readonly settings: Settings;
  },
  timeLimit: (ms: number) => Promise<void>,
): PermissionSetAdviser {
  const { access, permissionSets, sessionGuard } = environment.settings;
  const { policies } = guardNames(sessionGuard.prefix);
  return createAdviser({
    policyStore: policyStore(environment),
    // Cached: nothing is decided by it, and for every permission set the same account and person are looked up.
    directory: keepAnswers(decidingDirectory(environment), systemNow),
    maxDurationSeconds: access.maxDurationSeconds,
    givable: givableBy(environment.settings),
    permissionSets,
    contents: createPermissionSetContents({
      sso: new SSOAdminClient(AWS_CALLS),
      iam: new IAMClient(AWS_CALLS),
      instanceArn: environment.instance,
      guard: policies.boundary,
      attached: policies.attached,
    }),
    everyAction: once(() => readEveryAction(everyActionFile())),
    timeLimit,
  });
}

/** The file is deployed beside the code, in the folder that Lambda names. */
function everyActionFile(): URL | string {
  const root = process.env.LAMBDA_TASK_ROOT;
  return root === undefined ? new URL(EVERY_ACTION_FILE, import.meta.url) : `${root}/${EVERY_ACTION_FILE}`;
}
