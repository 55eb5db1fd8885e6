import { assignmentIds, assignmentKey, isGroupTarget } from '../model/target.ts';
import type { DriftServices } from './ports.ts';
import { type Places, planFor, rulesText } from './rules.ts';
import {
  type AssignmentNames,
  type DriftFinding,
  type DriftItem,
  type DriftMode,
  type DriftPlan,
  type MalformedDriftItem,
  readable,
} from './types.ts';

/** An assignment that was made outside of Glasshammer, before the rules have been asked. */
export type Sighting = Pick<DriftFinding, 'assignment' | 'principalType' | 'made' | 'leased'> & {
  /** Made by somebody else with a role of Glasshammer: operators are told of it whatever the rules say. */
  readonly byOurRole?: true;
};

type Told = { readonly finding: DriftFinding; readonly seen: DriftItem | MalformedDriftItem | undefined };

/**
 * Asks the rules about each sighting, tells operators of those that are new in one message, and remembers them. The
 * message comes first: a finding that could not be told is not remembered, so it is told next time, and nothing is ever
 * removed that operators were not told of.
 *
 * @param attempt runs the work on one sighting; it may catch the error, so that the others go on
 * @returns the findings that were told now
 * @throws the error of the message or the table, and every error that `attempt` lets through
 */
export async function reportDrift(
  sightings: readonly Sighting[],
  services: DriftServices,
  places: Places,
  attempt: (work: () => Promise<void>) => Promise<unknown> = (work) => work(),
): Promise<readonly DriftFinding[]> {
  if (sightings.length === 0) return [];
  const mode = await services.drift.mode();
  const now = services.now().toISOString();
  const told: Told[] = [];
  for (const sighting of sightings)
    await attempt(async () => {
      const one = await weigh(sighting, mode, now, services, places);
      if (one !== undefined) told.push(one);
    });
  if (told.length === 0) return [];
  const findings = told.map(({ finding }) => finding);
  await services.teller.found(findings, mode);
  for (const one of told) await remember(one, now, services);
  return findings;
}

/** The finding to be told; `undefined` if a rule ignores it, or if it was told before with the same outcome. */
async function weigh(
  sighting: Sighting,
  mode: DriftMode,
  now: string,
  services: DriftServices,
  places: Places,
): Promise<Told | undefined> {
  const { assignment, principalType, made } = sighting;
  const { rules, scope } = services;
  const found = { target: assignment.target, principalType };
  const plan: DriftPlan =
    sighting.byOurRole === true ? { action: 'warn' } : await planFor(found, { rules, scope, places, mode, now });
  const stored = principalType === 'GROUP' ? undefined : await services.drift.get(assignment);
  if (plan.action === 'ignore') {
    if (stored !== undefined) await services.drift.drop(assignment, stored);
    return undefined;
  }
  const seen = readable(stored);
  const news = made !== undefined && made.eventId !== seen?.made?.eventId;
  if (seen !== undefined && !news && isAsDecided(seen, plan, rulesText(rules))) return undefined;
  const origin = made ?? seen?.made;
  const finding: DriftFinding = {
    assignment,
    principalType,
    made: origin,
    leased: sighting.leased,
    names: await namesOf(sighting, services),
    plan,
  };
  return { finding, seen: stored };
}

/** Was it told before with the same outcome? A pending removal must have been told under the same rules as well. */
function isAsDecided(seen: DriftItem, plan: DriftFinding['plan'], rules: string): boolean {
  if (seen.status === 'removed') return false;
  if (plan.action === 'warn') return seen.action === 'warn';
  if (plan.removeAt === undefined) return seen.action === 'revoke' && seen.status === 'told';
  return seen.status === 'to-remove' && seen.rules === rules;
}

async function remember({ finding, seen }: Told, now: string, services: DriftServices): Promise<void> {
  const { assignment, made, names, plan, principalType } = finding;
  const removeAt = plan.action === 'revoke' ? plan.removeAt : undefined;
  const by = made?.by.id ?? 'unknown';
  if (principalType === 'USER') {
    await services.drift.put(
      {
        assignment,
        status: removeAt === undefined ? 'told' : 'to-remove',
        due: removeAt ?? now,
        foundAt: readable(seen)?.foundAt ?? now,
        made,
        names,
        action: plan.action,
        rules: rulesText(services.rules),
      },
      seen,
    );
  }
  await services.audit.write(`drift-${made?.eventId ?? assignmentKey(assignment)}-${now}`, {
    type: 'drift-found',
    at: now,
    by,
    note: `made outside of Glasshammer; ${plan.action}${removeAt === undefined ? '' : ` at ${removeAt}`}`,
    ids: [assignmentIds(assignment)],
  });
}

/**
 * Names for people. What the directory no longer has gets no name, and a missing principal is marked as gone; ids are
 * always told.
 */
async function namesOf({ assignment, principalType }: Sighting, services: DriftServices): Promise<AssignmentNames> {
  const { directory, scope } = services;
  const { principalId, target } = assignment;
  const [principalName, accountName, groupName] = await Promise.all([
    principalType === 'GROUP'
      ? directory.group(principalId).then((group) => group?.name)
      : directory.user(principalId).then((user) => user?.displayName || user?.userName),
    isGroupTarget(target) ? undefined : directory.account(target.accountId).then((account) => account?.name),
    isGroupTarget(target) ? directory.group(target.groupId).then((group) => group?.name) : undefined,
  ]);
  const set = isGroupTarget(target)
    ? undefined
    : scope.permissionSets.find(({ arn }) => arn === target.permissionSetArn)?.name;
  return {
    ...(principalName === undefined ? { principalGone: true } : { principalName }),
    ...(accountName === undefined ? {} : { accountName }),
    ...(set === undefined ? {} : { permissionSetName: set }),
    ...(groupName === undefined ? {} : { groupName }),
  };
}
