import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import * as z from 'zod/mini';
import type { DoctorPorts } from '../../core/doctor/ports.ts';
import { guardStatus } from '../../core/sessions/guard-permission-sets.ts';
import { guardNames } from '../../core/sessions/guard-policy.ts';
import { createGuardDesk } from '../identity-center/guard-desk.ts';
import { policyReply } from '../step-functions/guard-questions.ts';

/**
 * What the doctor reads about session guards: Identity Center with its own rights, and the policies in the accounts
 * through the function that cuts sessions, because no other may read them.
 */
export function lookAtGuards(options: {
  readonly sso: SSOAdminClient;
  readonly lambda: LambdaClient;
  readonly instanceArn: string;
  /** The prefix of the deployment's names. */
  readonly prefix: string;
}): Pick<DoctorPorts, 'guards'> {
  const { sso, lambda, instanceArn, prefix } = options;
  const FunctionName = `${prefix}-cut-sessions`;
  const { policies } = guardNames(prefix);
  const desk = createGuardDesk({
    sso,
    instanceArn,
    guard: policies.boundary,
    attached: policies.attached,
    questions: {
      async ask(guard) {
        const Payload = new TextEncoder().encode(JSON.stringify({ guard }));
        const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
        if (answer.FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${answer.FunctionError}`);
        const reply = z.safeParse(policyReply, JSON.parse(new TextDecoder().decode(answer.Payload) || 'null'));
        if (!reply.success) throw new Error(`${FunctionName} is of a version that cannot be asked; deploy this one`);
        return reply.data;
      },
    },
    // The doctor provisions nothing, so there is nothing to wait for.
    pause: async () => undefined,
  });
  return {
    async guards(sets) {
      const all = [];
      for await (const status of guardStatus(sets, desk)) all.push(status);
      return all;
    },
  };
}
