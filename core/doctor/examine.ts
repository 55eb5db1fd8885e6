import { guardChecks } from './checks/guards.ts';
import { identityCenterChecks } from './checks/identity-center.ts';
import { joinableGroupChecks } from './checks/joinable-groups.ts';
import { placeChecks } from './checks/place.ts';
import { readingChecks } from './checks/reading.ts';
import { recordChecks } from './checks/records.ts';
import { runningChecks } from './checks/running.ts';
import { wordChecks } from './checks/words.ts';
import type { Checkout, Deployed, Expected } from './expected.ts';
import { type Finding, findingsOf, type Look } from './finding.ts';
import type { DoctorPorts } from './ports.ts';

export interface Examination {
  readonly expected: Expected;
  readonly deployed: Deployed;
  readonly checkout: Checkout;
  /** AWS's own time where it is known: deployments are judged by the clock they run by. */
  readonly now: Date;
}

/** Every check of the doctor by name, in the order they are told. */
function checksOf(
  examination: Examination,
  look: DoctorPorts,
  machineNow = examination.now,
): Readonly<Record<string, Look>> {
  const { expected, deployed, checkout } = examination;
  return {
    ...placeChecks({ ...examination, now: machineNow }, look),
    ...identityCenterChecks(expected, look),
    ...joinableGroupChecks(expected, look),
    ...wordChecks({ expected, ...deployed, scopes: checkout.scopes }, look),
    ...runningChecks(examination, look),
    ...recordChecks(expected, look),
    ...readingChecks(expected, look),
    ...guardChecks(expected, look),
  };
}

/**
 * Looks at a deployment as a whole: that it is where it should be, that what it needs is there, and that it runs. Only reads.
 *
 * @param words what a failed look means, in words for an operator
 * @param machineNow the time of the machine the doctor runs on
 * @returns a finding at least for every check, in order, as they come
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
