import type { Decision, HeldFacts } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { wholeMinutes } from '../../model/duration.ts';
import { after } from '../../model/events.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AccessOption } from '../../policy/decision/options-for.ts';
import { type DecideServices, previewRequest } from './decide-request.ts';
import { type HeldServices, lookUpHolds } from './held.ts';
import { type AssigneesPort, type HeldOutside, heldOutside } from './held-outside.ts';
import type { IdentifiedPerson } from './identity/identify.ts';
import { type FindTargetServices, type FoundTarget, findTarget, type Wanted } from './target/find-target.ts';

/** The contents of a form that is being filled in. */
export interface PreviewInput {
  readonly person: IdentifiedPerson;
  readonly wanted: Wanted;
  /** Absent: the configured default. Seconds. */
  readonly durationSeconds?: number;
  /** ISO 8601; absent: now. */
  readonly startsAt?: string;
  /** Reason and ticket, to be judged as well; absent while they are still being written. */
  readonly texts?: { readonly reason: string; readonly ticket: string };
}

export interface PreviewServices
  extends Omit<DecideServices, 'directory'>,
    Omit<FindTargetServices, 'directory'>,
    HeldServices {
  /** Its answers may be minutes old: a preview only displays. The request itself is decided against live data. */
  readonly keptDirectory: Directory;
  readonly assignees: AssigneesPort;
  readonly defaultDurationSeconds: number;
}

/** What a request with the form's current contents would lead to: the outcome, and the limits for changing it. */
export interface AccessPreview extends Pick<FoundTarget, 'target' | 'names'> {
  readonly outcome: 'granted' | 'needs-approval' | 'refused';
  readonly breakGlass: boolean;
  /** Of a refusal: every reason, the gravest first. */
  readonly problems: readonly Refusal[];
  /** Of a refusal: the nearest request that would be allowed, in plain words. */
  readonly nearest?: string;
  readonly durationSeconds: number;
  /** The chosen start is in the future. */
  readonly isLater: boolean;
  /** ISO 8601; when access would start and end. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** The access that the person holds already. */
  readonly held?: HeldAccess;
  /** What the person has outside of Glasshammer, without an end; absent also where it could not be read. */
  readonly heldOutside?: HeldOutside;
  /**
   * The longest duration that may be asked for now, less the time held already; seconds. Absent where nothing may be.
   */
  readonly longestSeconds?: number;
  /** The longest duration that is granted without approval; seconds. */
  readonly withoutApprovalSeconds?: number;
  readonly reasonMinLength: number;
  readonly ticketPatterns: readonly string[];
  /** Names of up to five people who may approve; `approverCount` counts all; `votesNeeded` is for the nearest path. */
  readonly approvers: readonly string[];
  readonly approverCount: number;
  readonly votesNeeded: number;
  /** Seconds until the request expires without a decision; absent where no approval is needed. */
  readonly expiresSeconds?: number;
}

/** Approvers beyond this many are only counted. */
const MOST_NAMED = 5;

/**
 * What the form's current contents would lead to, for the form to say before it is sent. Writes and permits nothing.
 */
export async function previewAccess(input: PreviewInput, services: PreviewServices): Promise<AccessPreview> {
  const { person, wanted, startsAt } = input;
  const directory = services.keptDirectory;
  const what = await findTarget(wanted, { ...services, directory });
  const now = services.now().toISOString();
  const at = startsAt !== undefined && startsAt > now ? startsAt : now;
  const durationSeconds = input.durationSeconds ?? services.defaultDurationSeconds;
  const { target, names } = what;
  const asked = { target, names, durationSeconds, startsAt: at, isLater: at > now };
  if (what.refusal !== undefined) return impossible(asked, what.refusal);
  try {
    const look = lookUpHolds({ requester: person, target, extends: what.extends?.id }, services);
    const held = await look.own;
    const previewed = await previewRequest(
      { person, target, names, durationSeconds, reason: '', ticket: '', ...input.texts, at, votes: [], held: look },
      { ...services, directory },
      input.texts === undefined,
    );
    if (previewed.storeState.frozen !== undefined)
      return impossible(asked, refusal('frozen', previewed.storeState.frozen.reason));
    if (previewed.storeState.locked !== undefined)
      return impossible(asked, refusal('locked', previewed.storeState.locked.reason));
    const outside = await heldOutside({ person, target, held, now }, { assignees: services.assignees, directory });
    return {
      ...(await describe(asked, previewed, held, directory)),
      ...(outside === undefined || outside === 'unknown' ? {} : { heldOutside: outside }),
    };
  } catch {
    return impossible(asked, refusal('policy-unreadable'));
  }
}

type Asked = Pick<AccessPreview, 'target' | 'names' | 'durationSeconds' | 'startsAt' | 'isLater'>;

function impossible(asked: Asked, why: Refusal): AccessPreview {
  return {
    ...asked,
    outcome: 'refused',
    breakGlass: false,
    problems: [why],
    endsAt: after(asked.startsAt, asked.durationSeconds),
    reasonMinLength: 0,
    ticketPatterns: [],
    approvers: [],
    approverCount: 0,
    votesNeeded: 0,
  };
}

async function describe(
  asked: Asked,
  { decision, option }: { readonly decision: Decision; readonly option?: AccessOption },
  held: HeldFacts,
  directory: Directory,
): Promise<AccessPreview> {
  const { outcome, breakGlass, approvers, approvals, demands, nearest, timing } = decision;
  const problems =
    outcome === 'refused' ? (decision.problems ?? [decision.refusal ?? refusal('not-allowed', decision.reason)]) : [];
  const named = await Promise.all(approvers.slice(0, MOST_NAMED).map((id) => nameOf(id, directory)));
  return {
    ...asked,
    outcome,
    breakGlass,
    problems,
    ...(nearest === undefined ? {} : { nearest }),
    endsAt: endOf(asked, held),
    ...(held.current === undefined ? {} : { held: held.current }),
    ...(option?.maxDurationSeconds === undefined ? {} : { longestSeconds: wholeMinutes(option.maxDurationSeconds) }),
    ...(option?.withoutApprovalSeconds === undefined
      ? {}
      : { withoutApprovalSeconds: wholeMinutes(option.withoutApprovalSeconds) }),
    reasonMinLength: demands?.reasonMinLength ?? option?.reasonMinLength ?? 0,
    ticketPatterns: demands?.ticketPatterns ?? option?.ticketPatterns ?? [],
    approvers: named,
    approverCount: approvers.length,
    votesNeeded: approvals.reduce((sum, { count }) => sum + count, 0),
    ...(outcome === 'needs-approval' && timing !== undefined ? { expiresSeconds: timing.expiresSeconds } : {}),
  };
}

/**
 * Additional time counts from now, or for an extension from the current end. It never moves the end to an earlier time.
 */
function endOf({ startsAt, durationSeconds }: Asked, { current, isExtension }: HeldFacts): string {
  if (current === undefined) return after(startsAt, durationSeconds);
  const end = after(isExtension && current.endsAt > startsAt ? current.endsAt : startsAt, durationSeconds);
  return end > current.endsAt ? end : current.endsAt;
}

async function nameOf(principalId: string, directory: Directory): Promise<string> {
  const user = await directory.user(principalId).catch(() => undefined);
  return user?.displayName || user?.userName || principalId;
}
