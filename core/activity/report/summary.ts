import { oneLine } from '../../model/text.ts';
import type { CoverageStatus } from './coverage.ts';
import { listed } from './render/wording.ts';
import type { ReportModel } from './report.ts';

const LONGEST_SUBJECT = 180;

/** The most kinds of writes that the thread names; the report has them all. */
const MOST_WRITES = 3;

/**
 * The subject of the mail, useful at a glance:
 * `[Glasshammer] Ana in Production as AdministratorAccess: 3 writes, 1 refused`.
 * One line, at most 180 characters, in any script: the more there is to say, the shorter the title is cut.
 */
export function subjectOf(model: ReportModel): string {
  const flagged = model.flags.filter((flag) => flag.level === 'look').length;
  const flags = flagged === 0 ? '' : `, ${flagged} to look at`;
  const edition = model.edition === undefined ? '' : ` (${model.edition.name})`;
  const missing = missingOf(model);
  const said = `${oneLine(`${glance(model)}${flags}${missing === '' ? '' : `, ${missing}`}`, 130)}${edition}`;
  return `[Glasshammer] ${oneLine(model.title, Math.min(110, LONGEST_SUBJECT - 16 - said.length))}: ${said}`;
}

/** Large gaps that the headline does not say already. */
function missingOf({ coverage, headline }: ReportModel): string {
  return coverage.missing.filter((part) => !headline.includes('Regions') || !part.includes('Regions')).join(', ');
}

/** The headline without reads if there are other calls, to fit a phone. */
function glance(model: ReportModel): string {
  const { counts } = model;
  if (counts === undefined || counts.write + counts.refused + counts.failed === 0) return model.headline;
  return model.headline.replace(/, [\d,]+ reads?(?= \(|$)/, '');
}

/**
 * The reply in the thread, as lines of plain text below the line that names who had which access: what was done, what
 * to look at, and where the whole report is.
 *
 * @param unsent name of the error that holds up the mail
 */
export function summaryOf(model: ReportModel, recipients: readonly string[], unsent?: string): readonly string[] {
  const where =
    unsent === undefined
      ? whereTo(recipients, model.coverage.status, model.edition?.finalAt)
      : late(recipients, unsent, model.edition?.finalAt);
  const { edition, news } = model;
  const which = edition === undefined ? '' : `${sentence(edition.name).slice(0, -1)}: `;
  return [
    `${which}${which === '' ? sentence(model.headline) : `${model.headline}.`} ${lookAt(model)}`,
    ...changes(news),
    ...topWrites(model),
    ...everyCall(model),
    where,
  ];
}

/** A link to the archived list, which is safe in the thread: AWS asks readers who they are, and whether they may. */
function everyCall({ archive }: ReportModel): readonly string[] {
  const [file] = archive?.files ?? [];
  return archive === undefined || file === undefined ? [] : [`${archive.title}: ${file.address}`];
}

/**
 * The summary for approvers and reviewers, whose message has the verdict already: what to look at, what was changed,
 * and where the report is.
 */
export function cardLinesOf(model: ReportModel, recipients: readonly string[]): readonly string[] {
  return [lookAt(model), ...topWrites(model), whereTo(recipients, model.coverage.status, undefined)];
}

function changes(news: ReportModel['news']): readonly string[] {
  if (news === undefined) return [];
  return [`${news.since}: ${news.lines.length === 0 ? 'nothing new.' : oneLine(news.lines.join(' '), 300)}`];
}

/** What was changed: the first three rows of the writes in the report, which has the most important rows first. */
function topWrites({ sections }: ReportModel): readonly string[] {
  const { rows = [] } = sections.find(({ kind }) => kind === 'write') ?? {};
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_WRITES).map(({ action, count, resources: [resource] }) => {
    const times = count === 1 ? '' : ` ${count} times`;
    return `${action}${times}${resource === undefined ? '' : ` on ${oneLine(resource, 80)}`}`;
  });
  const more = rows.length > MOST_WRITES ? `, and ${rows.length - MOST_WRITES} more` : '';
  return [`Writes: ${shown.join('; ')}${more}.`];
}

function lookAt({ flags, coverage, counts }: ReportModel): string {
  if (counts === undefined) return oneLine(coverage.gaps.join(' '), 300);
  const much = coverage.missing.length === 0 ? '' : `: ${listed(coverage.missing)}`;
  const missing = coverage.gaps.length > 0 ? ` Not everything was seen${much}; the report says what is missing.` : '';
  const serious = flags.filter((flag) => flag.level === 'look').map((flag) => flag.title.toLowerCase());
  return `${serious.length === 0 ? 'Nothing was flagged.' : `To look at: ${listed(serious)}.`}${missing}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** A first edition is not tried again: the final one contains what it would have said. */
function late(recipients: readonly string[], unsent: string, finalAt: string | undefined): string {
  const mail = `The e-mail to ${people(recipients)} could not be sent`;
  const why = `(${oneLine(unsent, 80)})`;
  return finalAt === undefined
    ? `${mail} yet ${why}; it follows when it can be.`
    : `${mail} ${why}; the final edition follows at ${finalAt}.`;
}

function people(recipients: readonly string[]): string {
  const shown = recipients.slice(0, 3);
  const more = recipients.length > shown.length ? [`${recipients.length - shown.length} more`] : [];
  return listed([...shown, ...more]);
}

/** Where the report went. A first edition also says when the final one follows. */
function whereTo(recipients: readonly string[], status: CoverageStatus, finalAt: string | undefined): string {
  const isRead = status === 'complete' || status === 'partly';
  const what = !isRead ? 'A report that says so' : finalAt === undefined ? 'The full report' : 'What is known so far';
  const more = finalAt === undefined ? '' : `; the final edition follows at ${finalAt}`;
  return `${what} went by e-mail to ${people(recipients)}${more}.`;
}
