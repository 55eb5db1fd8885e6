import type { HeldOutside } from '../../core/access/request/held-outside.ts';
import type { HeldFacts, Outcome } from '../../core/model/decision.ts';
import { parseDuration, toIsoDuration } from '../../core/model/duration.ts';
import type { HeldAccess } from '../../core/model/held-access.ts';
import { ACCESS_PREFIX } from '../../core/model/stored-ids.ts';
import { compareText } from '../../core/model/text.ts';
import { explainInWords, explanationOf } from '../../core/policy/authoring/explain.ts';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import { parsePolicySet } from '../../core/policy/records/policy-set.ts';
import { LONGEST_ACCESS } from '../deployment/stack.ts';
import { type TableOptions, tableNames } from '../deployment/tables.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { during } from '../terminal/progress.ts';
import { line } from '../terminal/terminal-text.ts';
import { readDirectory, readEntries, readRecords, soundPolicySet } from './inputs.ts';
import { factsOfDeployment } from './live-facts.ts';
import { answer, type World, type WrittenRequestInput } from './request-input.ts';

/** Exit codes of `policy explain`. */
const EXIT_CODES: Readonly<Record<Outcome, number>> = { granted: 0, 'needs-approval': 3, refused: 4 };

export interface ExplainOptions extends Omit<WrittenRequestInput, 'votes'>, TableOptions {
  readonly file?: readonly string[];
  readonly directory?: string;
  readonly aws?: boolean;
  readonly records?: string;
  readonly vote?: readonly string[];
  readonly json?: boolean;
}

/** Prints the decision that a request would get, and why, without making the request. */
export async function explainPolicy(options: ExplainOptions, io: CliIo): Promise<void> {
  const { vote = [], json = false, ...written } = options;
  const world = await readWorld(options, io);
  const longest = longestDeployed(options, io);
  const asked = { maxDuration: longest, ...written, votes: vote };
  const { decision, held, outside } = await answer(asked, world, io.now());
  const nameOf = (id: string) => world.organization.users.find((user) => user.id === id)?.userName || id;
  const unseen = [...notLookedAt(options, longest), ...(outside === 'unknown' ? [BESIDE] : [])];
  // With `--file` the caller knows which inputs it gave, so the JSON output does not repeat what is missing.
  const more = options.file === undefined ? { notLookedAt: unseen } : {};
  if (json)
    io.stdout(
      `${JSON.stringify({ ...explanationOf(decision), ...heldOf(held), ...outsideOf(outside), ...deployedOf(longest), ...more })}\n`,
    );
  else
    io.stdout(
      `${explainInWords(decision, nameOf)}${heldInWords(held)}${outsideInWords(outside)}${deployedInWords(longest)}${unseenInWords(unseen)}`,
    );
  io.exitWith(EXIT_CODES[decision.outcome]);
}

const BESIDE = 'what the person has outside of Glasshammer (Identity Center did not say)';

function outsideOf(outside: HeldOutside | 'unknown' | undefined): object {
  return outside === undefined || outside === 'unknown' ? {} : { heldOutside: outside };
}

function outsideInWords(outside: HeldOutside | 'unknown' | undefined): string {
  if (outside === undefined || outside === 'unknown') return '';
  const how = outside.throughGroup === undefined ? 'assigned to them' : `through the group ${outside.throughGroup}`;
  return line(`held outside of Glasshammer: ${how}, without an end`);
}

/** The longest access of the deployment whose tables are read, from its stack. `--max-duration` takes precedence. */
function longestDeployed({ file, maxDuration }: ExplainOptions, { env }: CliIo): string | undefined {
  return file === undefined && maxDuration === undefined ? env[LONGEST_ACCESS] || undefined : undefined;
}

function deployedOf(longest: string | undefined): object {
  const seconds = parseDuration(longest ?? '');
  return seconds === undefined ? {} : { longestDeployed: toIsoDuration(seconds) };
}

function deployedInWords(longest: string | undefined): string {
  return longest === undefined ? '' : line(`deployed: ${longest} is the longest access anybody gets`);
}

/** What a real request would also depend on, and how to supply it. */
function notLookedAt({ file, held, maxDuration }: ExplainOptions, longest: string | undefined): readonly string[] {
  return [
    ...((maxDuration ?? longest) === undefined ? ["the configuration's longest access (--max-duration)"] : []),
    ...(file !== undefined && held === undefined ? ['what the person holds already (--held)'] : []),
    ...(file === undefined ? [] : ['whether grants are frozen or the person is locked out (without --file it is)']),
  ];
}

function unseenInWords(unseen: readonly string[]): string {
  return unseen.length === 0 ? '' : `not looked at: ${unseen.join('; ')}\n`;
}

function heldOf(held: HeldFacts | undefined): object {
  const hold = ({ startedAt, endsAt }: HeldAccess) => ({ startedAt, endsAt });
  const current = held?.current;
  return held === undefined
    ? {}
    : {
        held: {
          ...(current === undefined ? {} : { current: hold(current) }),
          past: held.past.map(hold),
          ...(held.others === undefined ? {} : { withOtherUsers: withOthers(held).map(hold) }),
        },
      };
}

function heldInWords(held: HeldFacts | undefined): string {
  const others = withOthers(held).map(({ startedAt, endsAt }) => `${startedAt} to ${endsAt}`);
  const more = others.length === 0 ? '' : line(`held with another user: ${others.join(', ')}`);
  return `${ownInWords(held)}${more}`;
}

/** Holds with other users, oldest first. */
function withOthers(held: HeldFacts | undefined): readonly HeldAccess[] {
  const { lasting = [], past = [] } = held?.others ?? {};
  return [...past, ...lasting].sort((a, b) => compareText(a.startedAt, b.startedAt));
}

function ownInWords(held: HeldFacts | undefined): string {
  if (held?.current !== undefined)
    return line(
      `held: since ${held.current.startedAt}, until ${held.current.endsAt}${held.isExtension ? ', extended by this' : ''}`,
    );
  const last = held?.past.at(-1);
  return last === undefined ? '' : line(`held: last from ${last.startedAt} to ${last.endsAt}`);
}

async function readWorld(options: ExplainOptions, io: CliIo): Promise<World> {
  const organization = await readOrganization(options, io);
  if (options.file !== undefined) {
    const records = options.records === undefined ? [] : await readRecords(options.records, io);
    return { policySet: soundPolicySet(await readEntries(options.file, io)), records, organization };
  }
  // A malformed policy in the table is explained, not refused, because it affects real requests.
  const table = await io.accessTable(tableNames(options, io));
  const [policies, records, live] = await Promise.all([
    table.policiesAndStrays(),
    table.list(ACCESS_PREFIX),
    factsOfDeployment(options, io),
  ]);
  return { policySet: parsePolicySet(policies), records, organization, live };
}

/** Reads the directory from the file, or from AWS. */
export async function readOrganization(
  { directory, aws }: { readonly directory?: string; readonly aws?: boolean },
  io: CliIo,
): Promise<Organization> {
  if (directory !== undefined && aws === true) throw new UsageError('give --directory FILE or --aws, not both');
  if (directory !== undefined) return readDirectory(directory, io);
  if (aws === true) return during(io, 'reading people, groups and accounts from AWS', io.organization());
  throw new UsageError('say where people and accounts are known from: --directory FILE, or --aws');
}
