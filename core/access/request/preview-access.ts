import type { Decision, HeldFacts } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { wholeMinutes } from '../../model/duration.ts';
import { after } from '../../model/events.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AccessOption } from '../../policy/decision/options-for.ts';
import { type DecideServices, previewRequest } from './decide-request.ts';
import { type HeldServices, lookAtHeld } from './held.ts';
import { type AssigneesPort, type HeldOutside, heldOutside } from './held-outside.ts';
import type { IdentifiedPerson } from './identity/identify.ts';
import { type FindTargetServices, type FoundTarget, findTarget, type Wanted } from './target/find-target.ts';

/** What stands in a form that is being filled in. */
export interface PreviewInput {
  readonly person: IdentifiedPerson;
  readonly wanted: Wanted;
  /** Absent: the configured default. Seconds. */
  readonly durationSeconds?: number;
  /** ISO 8601; absent: now. */
  readonly startsAt?: string;
  /** What was written, to be judged as well; absent while it is still being written. */
  readonly texts?: { readonly reason: string; readonly ticket: string };
}

export interface PreviewServices
  extends Omit<DecideServices, 'directory'>,
    Omit<FindTargetServices, 'directory'>,
    HeldServices {
  /** Its answers may be minutes old: what is shown is decided in full, and live, when it is asked for. */
  readonly keptDirectory: Directory;
  readonly assignees: AssigneesPort;
  readonly defaultDurationSeconds: number;
}

/** What would become of an ask as it stands in the form: the outcome, and within which limits it may be changed. */
export interface AccessPreview extends Pick<FoundTarget, 'target' | 'names'> {
  readonly outcome: 'granted' | 'needs-approval' | 'refused';
  readonly breakGlass: boolean;
  /** Of a refusal: everything in the way, the gravest first. */
  readonly problems: readonly Refusal[];
  /** Of a refusal: what would be allowed instead, in plain words. */
  readonly nearest?: string;
  readonly durationSeconds: number;
  /** A start was chosen that is to come. */
  readonly isLater: boolean;
  /** ISO 8601; when access would start and end. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** What is held already. */
  readonly held?: HeldAccess;
  /** What is held already outside of Glasshammer, without an end; absent also where it could not be found out. */
  readonly heldOutside?: HeldOutside;
  /** The longest that may be asked for at this moment, with what is held taken off; seconds. Absent where nothing may be asked for. */
  readonly longestSeconds?: number;
  /** The longest that is given without asking anybody; seconds. */
  readonly withoutApprovalSeconds?: number;
  readonly reasonMinLength: number;
  readonly ticketPatterns: readonly string[];
  /** Names of those who may approve, some of them; and how many votes are needed on the nearest path. */
  readonly approvers: readonly string[];
  readonly approverCount: number;
  readonly votesNeeded: number;
  /** Seconds after which nobody's decision is no; absent where nobody has to decide. */
  readonly expiresSeconds?: number;
}

/** More names than this are only counted. */
const MOST_NAMED = 5;

/** What would become of an ask, for the form to say before it is sent. Nothing is written, nothing is allowed by it. */
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
    const look = lookAtHeld({ requester: person, target, extends: what.extends?.id }, services);
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

/** Time for what is held already counts from now, or from the end where it extends that; it never ends access sooner. */
function endOf({ startsAt, durationSeconds }: Asked, { current, isExtension }: HeldFacts): string {
  if (current === undefined) return after(startsAt, durationSeconds);
  const end = after(isExtension && current.endsAt > startsAt ? current.endsAt : startsAt, durationSeconds);
  return end > current.endsAt ? end : current.endsAt;
}

async function nameOf(principalId: string, directory: Directory): Promise<string> {
  const user = await directory.user(principalId).catch(() => undefined);
  return user?.displayName || user?.userName || principalId;
}
