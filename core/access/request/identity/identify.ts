import type { Directory, DirectoryUser } from '../../../model/directory.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { Requester } from '../../../model/request.ts';
import { parsePrincipalRecord } from '../../../policy/records/access-records.ts';
import type { ChatDirectory, ChatUser, PolicyStore } from '../../ports.ts';

/** Who Slack says is asking. Signed by Slack, and still only a claim about a Slack account. */
export interface SlackCaller {
  readonly slackId: string;
  /** The workspace the call came from. */
  readonly teamId: string;
  /** On Enterprise Grid: the enterprise the call came from. */
  readonly enterpriseId?: string;
  /** The workspace the user belongs to, when the call says so; differs in channels shared with other companies. */
  readonly userTeamId?: string;
}

/** Who AWS says is asking: an Identity Center user, proven by the signature of the call (`prove-caller.ts`), never claimed. */
export interface ProvenCaller {
  readonly principalId: string;
  /** The name of the session, which Identity Center gives it: the name the person signs in with. */
  readonly userName: string;
}

/** Whoever asks, through whichever door. */
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
   * The Slack user of somebody who came through another door, for messages to name them; nobody is identified by it. Absent: they are
   * named without Slack.
   */
  readonly slackIdOf?: (principalId: string) => Promise<string | undefined>;
  /** Ids of the home workspaces, or of the enterprise all of whose workspaces are home. */
  readonly teamIds: readonly string[];
  /** Domains whose confirmed e-mail may stand in for a principal record. */
  readonly emailDomains: readonly string[];
}

/**
 * Finds the one Identity Center user a caller is, or says why not. Fails closed: whatever cannot be read identifies nobody, and the
 * refusal names what could not be read.
 */
export async function identifyPerson(caller: Caller, services: IdentifyServices): Promise<Identification> {
  return 'principalId' in caller ? identifyProven(caller, services) : identifySlackUser(caller, services);
}

/**
 * Of a proven caller the id counts. That the directory has the same name for it is held against the name of the session: two facts
 * of AWS about one person that do not agree are nobody's.
 */
async function identifyProven(caller: ProvenCaller, services: IdentifyServices): Promise<Identification> {
  const { principalId, userName } = caller;
  const nobody = (why: Refusal): Identification => ({
    identified: false,
    requester: { slackId: '', principalId: '', userName: '', displayName: '', email: '' },
    refusal: why,
  });
  const [found, groupIds, slackId] = await Promise.all([
    settle(services.directory.user(principalId)),
    settle(services.directory.groupIdsOf(principalId)),
    settle(services.slackIdOf?.(principalId) ?? Promise.resolve(undefined)),
  ]);
  if (!found.ok) return nobody(refusal('directory-unreadable'));
  const user = found.value;
  // Of nobody no groups can be read.
  if (user === undefined) return nobody(refusal('principal-not-found', principalId));
  if (!groupIds.ok) return nobody(refusal('directory-unreadable'));
  // User names compare without regard to case, as everywhere in this program; ids never do.
  if (user.userName === '' || user.userName.toLowerCase() !== userName.toLowerCase())
    return nobody(refusal('caller-unproven', 'the session is not of this user'));
  if (!user.enabled) return nobody(refusal('principal-disabled', user.userName));
  const { displayName, email } = user;
  const known = slackId.ok ? (slackId.value ?? '') : '';
  return {
    identified: true,
    person: { slackId: known, principalId, userName: user.userName, displayName, email, groupIds: groupIds.value },
  };
}

/**
 * A `principal#…` record decides alone; only where there is none may a confirmed e-mail of a configured domain match, because
 * a Slack e-mail is as trustworthy as whoever controls the Slack profile.
 */
async function identifySlackUser(caller: SlackCaller, services: IdentifyServices): Promise<Identification> {
  const nobody = (why: Refusal, known: Partial<Requester> = {}): Identification => ({
    identified: false,
    requester: { slackId: caller.slackId, principalId: '', userName: '', displayName: '', email: '', ...known },
    refusal: why,
  });

  if (!isHome([caller.teamId, caller.enterpriseId], services.teamIds)) return nobody(refusal('other-workspace'));
  // That the call names another workspace as the person's proves nothing yet. On Enterprise Grid it may be one of our company, and Slack
  // does not promise that a call says so, nor whether it names the workspace or the organization: only Slack's own answer tells.
  // https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
  const [user, record] = await Promise.all([
    settle(services.chat.user(caller.slackId)),
    settle(services.policyStore.principal(caller.slackId)),
  ]);
  if (!user.ok) return nobody(refusal('slack-user-unreadable'));
  if (user.value === undefined) return nobody(refusal('slack-user-unreadable', caller.slackId));
  const stranger = refusesSlackUser(user.value, caller, services.teamIds);
  const shown = { displayName: user.value.name, email: user.value.email };
  if (stranger !== undefined) return nobody(stranger, shown);
  if (!record.ok) return nobody(refusal('policy-unreadable'), shown);

  const principal = await settle(principalOf(user.value, record.value, services));
  if (!principal.ok) return nobody(refusal('directory-unreadable'), shown);
  if ('reason' in principal.value) return nobody(principal.value, shown);

  const principalId = principal.value.principalId;
  const [found, groupIds] = await Promise.all([
    settle(services.directory.user(principalId)),
    settle(services.directory.groupIdsOf(principalId)),
  ]);
  if (!found.ok) return nobody(refusal('directory-unreadable'), { ...shown, principalId });
  if (found.value === undefined) return nobody(refusal('principal-not-found', principalId), shown);
  const requester = requesterOf(caller, user.value, found.value);
  if (!found.value.enabled) return nobody(refusal('principal-disabled', found.value.userName), requester);
  if (!groupIds.ok) return nobody(refusal('directory-unreadable'), requester);
  return { identified: true, person: { ...requester, groupIds: groupIds.value } };
}

/** Why this kind of Slack user may not use Glasshammer at all. */
function refusesSlackUser(user: ChatUser, caller: SlackCaller, teamIds: readonly string[]): Refusal | undefined {
  if (user.isBot) return refusal('bot');
  if (user.isDeleted) return refusal('deactivated-user');
  // On Enterprise Grid a person is in several workspaces, and a press may name any of them.
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

/** Turns a failed look-up into a value: here a failure is a reason to refuse, not to crash. */
async function settle<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work };
  } catch {
    return { ok: false };
  }
}
