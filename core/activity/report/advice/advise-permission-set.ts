import { type DecideServices, previewRequest } from '../../../access/request/decide-request.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { isGroupTarget } from '../../../model/target.ts';
import { compareText, oneLine } from '../../../model/text.ts';
import type { PermissionSetContents, SetContent } from '../../ports.ts';
import { grouped, listed } from '../render/wording.ts';
import { bothOf, type Judge, judgeOf } from './policy-judgement.ts';

/** Says which permission set would have been enough. */
export interface PermissionSetAdviser {
  /**
   * @param used the IAM actions that were used, `iam:PassRole` among them
   * @returns sentences, none if there is nothing to say. Never throws, because a report goes out without advice as well
   */
  advise(request: AccessRequest, used: readonly string[]): Promise<readonly string[]>;
}

export interface AdviseServices extends DecideServices {
  readonly contents: PermissionSetContents;
  /** The permission sets that Glasshammer can give. */
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  /** Every IAM action of AWS, to say how large a set is; `undefined` if that list cannot be read. */
  readonly everyAction: () => readonly string[] | undefined;
  /** Resolves after this many milliseconds, whatever happens in the meantime. */
  timeLimit(ms: number): Promise<void>;
}

/** The report waits no longer than this, because Lambda ends its function after 55 seconds. Milliseconds. */
const PATIENCE_MS = 15_000;

/** The most permission sets that are evaluated and read; the advice says how many others there are. */
const MOST_SETS = 60;
const SIDE_BY_SIDE = 5;
const MOST_NAMED = 3;

/** A permission set that the requester may ask for, and what its policies say. */
interface Candidate {
  readonly name: string;
  readonly arn: string;
  /** Absent if it cannot be judged. */
  readonly judge?: Judge;
  /** Why it cannot be judged. */
  readonly why?: string;
}

/** Creates the adviser of the report. */
export function createAdviser(services: AdviseServices): PermissionSetAdviser {
  return {
    async advise(request, used) {
      if (used.length === 0 || isGroupTarget(request.target)) return [];
      const late = services
        .timeLimit(PATIENCE_MS)
        .then(() => ['Which permission set would have been enough was not found out in time.']);
      const advice = adviceFor(request, used, services).catch((error: unknown) => [
        `Which permission set would have been enough could not be found out (${error instanceof Error ? error.name : 'unknown error'}).`,
      ]);
      return Promise.race([advice, late]);
    },
  };
}

async function adviceFor(
  request: AccessRequest,
  used: readonly string[],
  services: AdviseServices,
): Promise<readonly string[]> {
  const sets = services.permissionSets.slice(0, MOST_SETS);
  const left = services.permissionSets.length - sets.length;
  const open = await askable(request, sets, services);
  const candidates = await inBatches(open, async (set) => ({ ...set, ...(await judged(set.arn, services)) }));
  const every = services.everyAction();
  const sizeOf = ({ judge }: Candidate) =>
    every === undefined || judge === undefined ? undefined : every.filter((action) => judge(action) !== 'no').length;
  const sized = candidates.map((candidate) => ({ ...candidate, size: sizeOf(candidate), ...standOf(candidate, used) }));
  const enough = sized
    .filter(({ stand }) => stand === 'covers')
    .sort((a, b) => (a.size ?? 0) - (b.size ?? 0) || compareText(a.name, b.name));
  const where = `in ${oneLine(request.names.accountName ?? accountOf(request), 60)}`;
  const had = sized.find(({ arn }) => arn === permissionSetOf(request));
  const hadName = oneLine(request.names.permissionSetName ?? 'the one that was had', 40);
  const unjudged = sized.filter(({ stand }) => stand === 'unjudged');
  return [
    ...smallestLines(enough, { had, hadName, unjudged, left }, where),
    ...shortLines(sized.filter(({ stand }) => stand === 'short')),
    ...unjudgedLines(unjudged),
    ...(left > 0 ? [`${grouped(left)} further permission sets were not looked at.`] : []),
  ];
}

type Sized = Candidate & Standing & { readonly size: number | undefined };

/** What the permission sets that are known to be enough are compared with. */
interface Others {
  /**
   * The permission set that the requester had; absent if it may no longer be asked for. The calls were made with it,
   * even if its policies of today do not say so.
   */
  readonly had: Sized | undefined;
  readonly hadName: string;
  readonly unjudged: readonly Sized[];
  /** How many sets were not looked at. */
  readonly left: number;
}

/**
 * Names the smallest permission set that is enough. Without sizes no set is called the smallest. A set is recommended
 * over the one that the requester had only if it is known to be smaller.
 */
function smallestLines(enough: readonly Sized[], others: Others, where: string): readonly string[] {
  const [smallest] = enough;
  if (smallest === undefined)
    return [`No permission set that may be asked for ${where} is known to cover the calls listed here.`];
  const { size } = smallest;
  if (size === undefined)
    return [
      `These may be asked for ${where} and cover the calls listed here: ${listed(enough.map(nameOf))}. Which is smallest is not known.`,
    ];
  const { had, hadName } = others;
  const smallestOfAll = mayBeSmaller(size, others)
    ? `the smallest of those that could be judged of the permission sets that may be asked for ${where}`
    : `the smallest permission set that may be asked for ${where}`;
  if (had?.size === undefined || had.size <= size)
    return [
      had?.size !== undefined && had.stand === 'covers'
        ? `${nameOf(had)} is ${smallestOfAll} and covers the calls listed here.`
        : `No permission set that may be asked for ${where} and is smaller than ${hadName} is known to cover the calls listed here.`,
    ];
  return [
    `${nameOf(smallest)} would have covered the calls listed here, ${smallestOfAll}: it allows ${grouped(size)} actions of AWS, ${nameOf(had)} ${grouped(had.size)}.`,
  ];
}

/** May another set be smaller? One that was not read, or not looked at, may have any size. */
function mayBeSmaller(size: number, { unjudged, left }: Others): boolean {
  return left > 0 || unjudged.some((set) => set.size === undefined || set.size < size);
}

function shortLines(short: readonly Sized[]): readonly string[] {
  const lines = short.slice(0, MOST_NAMED).map(({ missing, ...set }) => {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    return `${nameOf(set)} does not allow ${missing[0]}${more}`;
  });
  if (lines.length === 0) return [];
  const more = short.length > lines.length ? `, nor do ${short.length - lines.length} others allow all of it` : '';
  return [`Not enough: ${lines.join('; ')}${more}.`];
}

function unjudgedLines(unjudged: readonly Sized[]): readonly string[] {
  if (unjudged.length === 0) return [];
  const shown = unjudged.slice(0, MOST_NAMED).map((set) => `${nameOf(set)} (${set.why ?? DEPENDS})`);
  const more = unjudged.length > shown.length ? [`${unjudged.length - shown.length} more`] : [];
  return [`Could not be judged: ${listed([...shown, ...more])}.`];
}

const DEPENDS = 'its policies depend on resources or conditions';

function nameOf({ name }: { readonly name: string }): string {
  return oneLine(name, 40);
}

interface Standing {
  readonly stand: 'covers' | 'short' | 'unjudged';
  /** The used actions that it is known not to allow. */
  readonly missing: readonly string[];
}

function standOf({ judge }: Candidate, used: readonly string[]): Standing {
  if (judge === undefined) return { stand: 'unjudged', missing: [] };
  const said = used.map((action) => ({ action, judgement: judge(action) }));
  const missing = said.filter(({ judgement }) => judgement === 'no').map(({ action }) => action);
  if (missing.length > 0) return { stand: 'short', missing };
  return { stand: said.every(({ judgement }) => judgement === 'yes') ? 'covers' : 'unjudged', missing };
}

/**
 * The sets that the requester may ask for by today's policies and access records. Duration, reason and ticket do not
 * matter, because the requester chooses them.
 */
async function askable(
  request: AccessRequest,
  sets: AdviseServices['permissionSets'],
  services: AdviseServices,
): Promise<AdviseServices['permissionSets']> {
  const { principalId, userName, email } = request.requester;
  const groupIds = await services.directory.groupIdsOf(principalId);
  const person = { principalId, userName, email, groupIds };
  const found = await inBatches(sets, async (set) => {
    const { option } = await previewRequest(
      {
        person,
        target: { accountId: accountOf(request), permissionSetArn: set.arn },
        names: { ...request.names, permissionSetName: set.name },
        durationSeconds: 0,
        reason: request.reason,
        ticket: request.ticket,
        // Evaluated for the start of the access: the hours of a policy may be over by the time of the report.
        at: request.startsAt,
        votes: [],
      },
      services,
      true,
    );
    return option !== undefined;
  });
  return sets.filter((_, index) => found[index]);
}

async function judged(arn: string, { contents }: AdviseServices): Promise<Pick<Candidate, 'judge' | 'why'>> {
  let content: SetContent;
  try {
    content = await contents.of(arn);
  } catch (error) {
    return { why: `its policies could not be read: ${error instanceof Error ? error.name : 'unknown error'}` };
  }
  if (content.unread.length > 0) return { why: `not read: ${listed(content.unread)}` };
  const judge = judgeOf(content.policies);
  const boundary = content.boundary === undefined ? undefined : judgeOf([content.boundary]);
  if (judge === undefined || (content.boundary !== undefined && boundary === undefined))
    return { why: 'its policies could not be understood' };
  return { judge: boundary === undefined ? judge : bothOf(judge, boundary) };
}

/** Works on a few items at a time, in order: AWS answers 20 reads of Identity Center a second, for all callers. */
async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += SIDE_BY_SIDE)
    done.push(...(await Promise.all(items.slice(at, at + SIDE_BY_SIDE).map(work))));
  return done;
}

function accountOf({ target }: AccessRequest): string {
  return isGroupTarget(target) ? '' : target.accountId;
}

function permissionSetOf({ target }: AccessRequest): string {
  return isGroupTarget(target) ? '' : target.permissionSetArn;
}
