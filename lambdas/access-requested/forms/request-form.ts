import type { ModalView } from '@slack/types';
import type { RecentTarget } from '../../../core/access/approval/request-approval.ts';
import type { IdentifiedPerson } from '../../../core/access/request/identity/identify.ts';
import { type AccessPreview, previewAccess } from '../../../core/access/request/preview-access.ts';
import { offerPermissionSets } from '../../../core/access/request/target/offer-access.ts';
import { isGroupTarget } from '../../../core/model/target.ts';
import { ACCOUNT_GROUP_PREFIX } from '../../../slack/views/asking/form-options.ts';
import { type Choice, type RequestModalData, requestModal } from '../../../slack/views/asking/request-modal.ts';
import { logFailure } from '../../shared/log.ts';
import type { Services } from '../services.ts';

/** The state of a form. `chosen` holds the values of its menus. */
export type FormState = Pick<RequestModalData, 'data' | 'initial' | 'hint'> & {
  readonly chosen?: { readonly account: string; readonly permissionSet?: string };
};

/**
 * Renders the form with a preview of the outcome. The preview is optional: if it or the list of recent targets fails,
 * the form opens without it.
 */
export async function renderRequestForm(
  person: IdentifiedPerson,
  state: FormState,
  all: Services,
): Promise<{ readonly view: ModalView; readonly preview?: AccessPreview }> {
  const { maxDurationSeconds, defaultDurationSeconds } = all;
  const [recents, settled] = await Promise.all([
    orNothing(recentsOf(person, all)),
    orNothing(settle(person, state, all)),
  ]);
  const { initial = state.initial, preview } = settled ?? {};
  const view = requestModal({
    ...state,
    ...(initial === undefined ? {} : { initial }),
    ...(recents === undefined ? {} : { recents }),
    ...(preview === undefined ? {} : { preview }),
    maxDurationSeconds,
    defaultDurationSeconds,
  });
  return preview === undefined ? { view } : { view, preview };
}

/**
 * Selects the permission set if there is only one, cuts the duration to the longest allowed, and previews the outcome.
 */
async function settle(
  person: IdentifiedPerson,
  { initial = {}, chosen }: FormState,
  all: Services,
): Promise<{ readonly initial: FormState['initial']; readonly preview?: AccessPreview }> {
  if (chosen === undefined || chosen.account === '') return { initial };
  const isGroup = chosen.account.startsWith(ACCOUNT_GROUP_PREFIX);
  const only = isGroup || (chosen.permissionSet ?? '') !== '' ? undefined : await onlySet(person, chosen.account, all);
  const permissionSet = chosen.permissionSet || only?.value;
  const filled = only === undefined ? initial : { ...initial, permissionSet: only };
  if (!isGroup && permissionSet === undefined) return { initial: filled };
  const wanted = isGroup
    ? { group: chosen.account.slice(ACCOUNT_GROUP_PREFIX.length) }
    : { accountId: chosen.account, permissionSet: permissionSet ?? '' };
  const { startsAt } = initial;
  const durationSeconds = initial.durationSeconds ?? all.defaultDurationSeconds;
  const input = { person, wanted, durationSeconds, startsAt };
  const preview = await previewAccess(input, all);
  const longest = Math.floor(preview.longestSeconds ?? 0);
  if (longest < 60 || durationSeconds <= longest) return { initial: filled, preview };
  // The duration menu offers nothing longer, so the chosen duration is cut to match.
  const shorter = await previewAccess({ ...input, durationSeconds: longest }, all);
  return { initial: { ...filled, durationSeconds: longest }, preview: shorter };
}

async function onlySet(person: IdentifiedPerson, accountId: string, all: Services): Promise<Choice | undefined> {
  const [only, ...others] = await offerPermissionSets(person, accountId, all);
  return only === undefined || others.length > 0 ? undefined : { label: only.name, value: only.arn };
}

/** Up to four targets the person had before and can still ask for: the two latest, then the most frequent. */
async function recentsOf({ principalId }: IdentifiedPerson, all: Services): Promise<readonly Choice[]> {
  const known = await givenBefore(principalId, all);
  const latest = known.slice(0, 2);
  const most = known.slice(2).sort((a, b) => b.times - a.times);
  return [...latest, ...most].slice(0, 4).map(({ target, names }) => ({
    label: isGroupTarget(target)
      ? (names.groupName ?? target.groupId)
      : `${names.permissionSetName ?? target.permissionSetArn} in ${names.accountName ?? target.accountId}`,
    value: JSON.stringify({ target, names }),
  }));
}

/** Targets the person had before and that Glasshammer can still give, the latest first. */
export async function givenBefore(principalId: string, all: Services): Promise<readonly RecentTarget[]> {
  return (await all.usage.recent(principalId)).filter((recent) => isGiven(recent, all));
}

function isGiven({ target }: RecentTarget, { permissionSets, groups }: Services): boolean {
  return isGroupTarget(target)
    ? groups.includes(target.groupId)
    : permissionSets.some(({ arn }) => arn === target.permissionSetArn);
}

/**
 * Runs work whose result is only shown. A failure is logged and gives `undefined`, so that it does not stop the rest.
 */
export async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    logFailure('slack.form-incomplete', error);
    return undefined;
  }
}
