import { deploymentChecks } from './checks/deployment.ts';
import { guardChecks } from './checks/guards.ts';
import { identityCenterChecks } from './checks/identity-center.ts';
import { joinableGroupChecks } from './checks/joinable-groups.ts';
import { notificationChannelChecks } from './checks/notification-channels.ts';
import { readingChecks } from './checks/reading.ts';
import { recordChecks } from './checks/records.ts';
import { runningChecks } from './checks/running.ts';
import type { Checkout, Deployed, Expected } from './expected.ts';
import { type Finding, findingsOf, type Look } from './finding.ts';
import type { DoctorPorts } from './ports.ts';

export interface Examination {
  readonly expected: Expected;
  readonly deployed: Deployed;
  readonly checkout: Checkout;
  /** AWS's time where it is known, because the deployed functions run by that clock. */
  readonly now: Date;
}

/** Every check of the doctor by name, in the order of the output. */
function checksOf(
  examination: Examination,
  look: DoctorPorts,
  machineNow = examination.now,
): Readonly<Record<string, Look>> {
  const { expected, deployed, checkout } = examination;
  return {
    ...deploymentChecks({ ...examination, now: machineNow }, look),
    ...identityCenterChecks(expected, look),
    ...joinableGroupChecks(expected, look),
    ...notificationChannelChecks({ expected, ...deployed, scopes: checkout.scopes }, look),
    ...runningChecks(examination, look),
    ...recordChecks(expected, look),
    ...readingChecks(expected, look),
    ...guardChecks(expected, look),
  };
}

/**
 * Checks a whole deployment: it is where the configuration says, what it needs exists, and it runs. Only reads.
 *
 * @param words turns an error of a check into words for an operator
 * @param machineNow the time of the machine the doctor runs on
 * @returns at least one finding per check, in order, each as soon as it is known
 */
export async function* examine(
  examination: Examination,
  look: DoctorPorts,
  words: (error: unknown) => string,
  machineNow: Date,
): AsyncIterable<Finding> {
  for (const [check, one] of Object.entries(checksOf(examination, look, machineNow)))
    yield* await findingsOf(check, one, words);
}
