import type { Directory, DirectoryUser } from '../../../model/directory.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { Requester } from '../../../model/request.ts';
import { parsePrincipalRecord } from '../../../policy/records/access-records.ts';
import type { ChatDirectory, ChatUser, PolicyStore } from '../../ports.ts';

/**
 * The Slack user who calls. The call is signed by Slack, but proves only a Slack account, not an Identity Center user.
 */
export interface SlackCaller {
  readonly slackId: string;
  /** The workspace the call came from. */
  readonly teamId: string;
  /** On Enterprise Grid: the enterprise the call came from. */
  readonly enterpriseId?: string;
  /**
   * The user's workspace, where the call names it; in channels shared with other companies it may be another company's.
   */
  readonly userTeamId?: string;
}

/**
 * An Identity Center user, proven by a signed call (`prove-caller.ts`) or by a token (`prove-token.ts`), never claimed.
 */
export interface ProvenCaller {
  readonly principalId: string;
  /** The name the user signs in with: Identity Center names the role session and the token's subject after it. */
  readonly userName: string;
}

/** A caller, whether through Slack or the API. */
export type Caller = SlackCaller | ProvenCaller;

/** A person: an Identity Center user and, where known, their Slack user. */
export interface IdentifiedPerson extends Requester {
  readonly groupIds: readonly string[];
}

export type Identification =
  | { readonly identified: true; readonly person: IdentifiedPerson }
  | { readonly identified: false; readonly requester: Requester; readonly refusal: Refusal };

export interface IdentifyServices {
  readonly chat: ChatDirectory;
  readonly policyStore: PolicyStore;
  readonly directory: Directory;
  /**
   * Finds the Slack user of a caller who came through the API, so that messages can mention them. It identifies nobody.
   * Absent: messages name the caller without Slack.
   */
  readonly slackIdOf?: (principalId: string) => Promise<string | undefined>;
  /** Ids of the company's workspaces, or of its Enterprise Grid organization, which stands for all of them. */
  readonly teamIds: readonly string[];
  /** E-mail domains for which Slack's confirmed e-mail identifies a user who has no principal record. */
  readonly emailDomains: readonly string[];
}

/**
 * Finds the one Identity Center user behind a caller, or says why not. Fails closed: when a source cannot be read,
 * nobody is identified, and the refusal names that source.
 */
export async function identifyPerson(caller: Caller, services: IdentifyServices): Promise<Identification> {
  return 'principalId' in caller ? identifyProven(caller, services) : identifySlackUser(caller, services);
}

/**
 * Identifies the user by the proven id. The user name in the directory must equal the proven name: if these two facts
 * from AWS contradict each other, nobody is identified.
 */
async function identifyProven(caller: ProvenCaller, services: IdentifyServices): Promise<Identification> {
  const { principalId, userName } = caller;
  const unidentified = (why: Refusal): Identification => ({
    identified: false,
    requester: { slackId: '', principalId: '', userName: '', displayName: '', email: '' },
    refusal: why,
  });
  const [found, groupIds, slackId] = await Promise.all([
    settle(services.directory.user(principalId)),
    settle(services.directory.groupIdsOf(principalId)),
    settle(services.slackIdOf?.(principalId) ?? Promise.resolve(undefined)),
  ]);
  if (!found.ok) return unidentified(refusal('directory-unreadable'));
  const user = found.value;
  // Reading the groups of a user who does not exist fails, so the missing user is reported before that failure.
  if (user === undefined) return unidentified(refusal('principal-not-found', principalId));
  if (!groupIds.ok) return unidentified(refusal('directory-unreadable'));
  // User names compare case-insensitively, as everywhere in this program; ids never do.
  if (user.userName === '' || user.userName.toLowerCase() !== userName.toLowerCase())
    return unidentified(refusal('caller-unproven', 'the session is not of this user'));
  if (!user.enabled) return unidentified(refusal('principal-disabled', user.userName));
  const { displayName, email } = user;
  const known = slackId.ok ? (slackId.value ?? '') : '';
  return {
    identified: true,
    person: { slackId: known, principalId, userName: user.userName, displayName, email, groupIds: groupIds.value },
  };
}

/**
 * A `principal#…` record decides alone. Only without a record may a confirmed e-mail of a configured domain identify
 * the user, because a Slack e-mail is only as trustworthy as the person who controls the Slack profile.
 */
async function identifySlackUser(caller: SlackCaller, services: IdentifyServices): Promise<Identification> {
  const unidentified = (why: Refusal, known: Partial<Requester> = {}): Identification => ({
    identified: false,
    requester: { slackId: caller.slackId, principalId: '', userName: '', displayName: '', email: '', ...known },
    refusal: why,
  });

  if (!isHome([caller.teamId, caller.enterpriseId], services.teamIds)) return unidentified(refusal('other-workspace'));
  // A foreign `userTeamId` is not refused before Slack is asked. On Enterprise Grid it may be another workspace of the
  // company, and Slack does not promise that the payload has the field, nor whether it is a workspace or the
  // organization: only Slack's user record tells.
  // https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
  const [user, record] = await Promise.all([
    settle(services.chat.user(caller.slackId)),
    settle(services.policyStore.principal(caller.slackId)),
  ]);
  if (!user.ok) return unidentified(refusal('slack-user-unreadable'));
  if (user.value === undefined) return unidentified(refusal('slack-user-unreadable', caller.slackId));
  const stranger = refusesSlackUser(user.value, caller, services.teamIds);
  const shown = { displayName: user.value.name, email: user.value.email };
  if (stranger !== undefined) return unidentified(stranger, shown);
  if (!record.ok) return unidentified(refusal('policy-unreadable'), shown);

  const principal = await settle(principalOf(user.value, record.value, services));
  if (!principal.ok) return unidentified(refusal('directory-unreadable'), shown);
  if ('reason' in principal.value) return unidentified(principal.value, shown);

  const principalId = principal.value.principalId;
  const [found, groupIds] = await Promise.all([
    settle(services.directory.user(principalId)),
    settle(services.directory.groupIdsOf(principalId)),
  ]);
  if (!found.ok) return unidentified(refusal('directory-unreadable'), { ...shown, principalId });
  if (found.value === undefined) return unidentified(refusal('principal-not-found', principalId), shown);
  const requester = requesterOf(caller, user.value, found.value);
  if (!found.value.enabled) return unidentified(refusal('principal-disabled', found.value.userName), requester);
  if (!groupIds.ok) return unidentified(refusal('directory-unreadable'), requester);
  return { identified: true, person: { ...requester, groupIds: groupIds.value } };
}

/** The refusal of a Slack user of a kind that may not use Glasshammer at all. */
function refusesSlackUser(user: ChatUser, caller: SlackCaller, teamIds: readonly string[]): Refusal | undefined {
  if (user.isBot) return refusal('bot');
  if (user.isDeleted) return refusal('deactivated-user');
  // On Enterprise Grid a user is in several workspaces, and the call may name any of them.
  const theirs = [user.teamId, user.enterpriseId, ...(user.teamIds ?? [])];
  const pressed = caller.userTeamId ?? '';
  const foreign =
    (theirs.some((team) => team !== undefined && team !== '') && !isHome(theirs, teamIds)) ||
    (pressed !== '' && !teamIds.includes(pressed) && !theirs.includes(pressed));
  if (user.isStranger || foreign) return refusal('slack-connect-user');
  if (user.isGuest) return refusal('guest');
  return undefined;
}

function isHome(teams: readonly (string | undefined)[], teamIds: readonly string[]): boolean {
  return teams.some((team) => team !== undefined && teamIds.includes(team));
}

async function principalOf(
  user: ChatUser,
  record: Parameters<typeof parsePrincipalRecord>[0] | undefined,
  services: IdentifyServices,
): Promise<{ readonly principalId: string } | Refusal> {
  if (record !== undefined) {
    const parsed = parsePrincipalRecord(record);
    return 'principalId' in parsed ? parsed : refusal('malformed-principal-record', parsed.malformed);
  }
  const domain = user.email.split('@').at(-1)?.toLowerCase() ?? '';
  const mayMatch = user.email.includes('@') && user.emailConfirmed;
  if (!mayMatch || !services.emailDomains.some((allowed) => allowed.toLowerCase() === domain))
    return refusal('unknown-user');
  const ids = await services.directory.userIdsByEmail(user.email);
  if (ids.length > 1) return refusal('ambiguous-identity', user.email);
  return ids[0] === undefined ? refusal('unknown-user') : { principalId: ids[0] };
}

function requesterOf(caller: SlackCaller, chatUser: ChatUser, user: DirectoryUser): Requester {
  return {
    slackId: caller.slackId,
    principalId: user.id,
    userName: user.userName,
    displayName: user.displayName || chatUser.name,
    email: user.email,
  };
}

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** Turns a failed look-up into a value: here a failure leads to a refusal, not to a crash. */
async function settle<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work };
  } catch {
    return { ok: false };
  }
}
