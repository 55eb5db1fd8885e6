import type { GuardDesk } from '../../core/sessions/guard-permission-sets.ts';
import { type GuardNames, guardNames } from '../../core/sessions/guard-policy.ts';
import type { LockSessionsServices, LockStore } from '../../core/sessions/lock-person.ts';

/** Services of the commands on session guards, with the operator's AWS credentials. */
export interface GuardServices {
  readonly desk: GuardDesk;
  readonly ask: LockSessionsServices['ask'];
}

/** Builds them. The AWS SDK is loaded only then, so that other commands start without it. */
export type BuildGuardServices = (names: {
  readonly stateMachineArn: string;
  readonly newId: () => string;
}) => Promise<GuardServices>;

export type BuildLocks = (names: { readonly requestTable: string; readonly newId: () => string }) => Promise<LockStore>;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The real services; endpoints and credentials come from the SDK's environment variables. */
export const awsGuard: BuildGuardServices = async ({ stateMachineArn, newId }) => {
  const [{ SSOAdminClient }, { SFNClient }, { createGuardDesk }, { organizationInstance }, { createGuardQuestions }] =
    await Promise.all([
      import('@aws-sdk/client-sso-admin'),
      import('@aws-sdk/client-sfn'),
      import('../../gateways/identity-center/guard-desk.ts'),
      import('../../gateways/identity-center/organization-instance.ts'),
      import('../../gateways/step-functions/guard-questions.ts'),
    ]);
  const sso = new SSOAdminClient({});
  const { instanceArn } = await organizationInstance(sso);
  const questions = createGuardQuestions({ client: new SFNClient({}), stateMachineArn, newId, pause });
  const { policies } = guardsOf(stateMachineArn);
  return {
    desk: createGuardDesk({
      sso,
      instanceArn,
      guard: policies.boundary,
      attached: policies.attached,
      questions,
      pause,
    }),
    ask: (question) => questions.ask(question),
  };
};

/** The prefix of a deployment's names: its workflow is called `<prefix>-access`. */
export function prefixOf(stateMachineArn: string): string {
  return (stateMachineArn.split(':').at(-1) ?? '').replace(/-access$/, '');
}

/** The names of the guards of the deployment that has this workflow. */
export function guardsOf(stateMachineArn: string): GuardNames {
  return guardNames(prefixOf(stateMachineArn));
}

export const awsLocks: BuildLocks = async ({ requestTable, newId }) => {
  const [{ DynamoDBClient }, { documentClientOver }, { createLockStore }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('../../gateways/dynamodb/document-client.ts'),
    import('../../gateways/dynamodb/lock-store.ts'),
  ]);
  const client = documentClientOver(new DynamoDBClient({}));
  return createLockStore({ client, tableName: requestTable, newId });
};
