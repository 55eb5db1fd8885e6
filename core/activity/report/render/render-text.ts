import type { Archive } from '../list-words.ts';
import type { ReportModel, Row, Section } from '../report.ts';
import { grouped } from './wording.ts';

/**
 * The report as plain text. Every value is a single line that follows a label or an indent, so no text from outside can
 * pass for a line of the report, which begins at the margin.
 */
export function renderText(model: ReportModel): string {
  return [
    `GLASSHAMMER  ${model.title}`,
    model.headline,
    ...(model.page === undefined ? [] : [model.page]),
    '',
    ...(model.edition === undefined ? [] : [model.edition.sentence]),
    model.verdict,
    ...model.coverage.gaps.map((gap) => `! ${gap}`),
    ...(model.news === undefined
      ? []
      : block(
          model.news.since.toUpperCase(),
          (model.news.lines.length === 0 ? ['Nothing new.'] : model.news.lines).map((line) => `  ${line}`),
        )),
    ...block(
      'REQUEST',
      model.facts.flatMap(({ label, value, detail }) => [
        `  ${label.padEnd(15)} ${value}`,
        ...(detail === undefined || detail === '' ? [] : [`  ${' '.repeat(15)} ${detail}`]),
      ]),
    ),
    ...(model.flags.length === 0 ? [] : block('TO LOOK AT', model.flags.flatMap(flagLines))),
    ...(model.mayStillAct.length === 0
      ? []
      : block(
          'MAY STILL ACT',
          model.mayStillAct.map((line) => `  ! ${line}`),
        )),
    ...(model.sessions.length === 0
      ? []
      : block(
          'WHO WAS GONE ON AS',
          model.sessions.map(({ depth, name, detail }) => `  ${'   '.repeat(depth)}${name} (${detail})`),
        )),
    ...(model.timeLine.length === 0
      ? []
      : block(
          'TIME LINE',
          model.timeLine.map(
            ({ at, what, detail }) => `  ${at.padEnd(23)}  ${what}${detail === '' ? '' : `  ${detail}`}`,
          ),
        )),
    ...model.sections.flatMap((section) =>
      block(`${section.title.toUpperCase()} (${grouped(section.count)})`, sectionLines(section)),
    ),
    ...(model.suggestion === undefined
      ? []
      : block('A SMALLER POLICY', [
          `  ${model.suggestion.sentence}`,
          ...model.suggestion.advice.map((line) => `  ${line}`),
          ...model.suggestion.limits.map((limit) => `  - ${limit}`),
          ...model.suggestion.policy.split('\n').map((line) => `    ${line}`),
        ])),
    ...(model.archive === undefined ? [] : block(model.archive.title.toUpperCase(), archiveLines(model.archive))),
    ...(model.attached.length === 0
      ? []
      : block(
          'ATTACHED',
          model.attached.map((line) => `  - ${line}`),
        )),
    ...block(
      'WHAT THIS REPORT SEES',
      model.coverage.limits.map((limit) => `  - ${limit}`),
    ),
    ...block(
      'HISTORY OF THE REQUEST',
      model.history.map(({ at, what, by, note }) => `  ${at}  ${what} by ${by}${note === '' ? '' : `: ${note}`}`),
    ),
    '',
  ].join('\n');
}

function block(title: string, lines: readonly string[]): string[] {
  return ['', title, ...lines];
}

function flagLines({ level, title, sentence, found, resources }: ReportModel['flags'][number]): string[] {
  return [
    `  ${level === 'look' ? '!' : '-'} ${title}: ${found}`,
    `    ${sentence}`,
    ...(resources.length === 0 ? [] : [`    ${resources.join(' | ')}`]),
  ];
}

function archiveLines({ sentence, files }: Archive): string[] {
  return [
    `  ${sentence}`,
    ...files.flatMap(({ name, address, sha256 }) => [`  - ${name}: ${address}`, `    SHA-256 ${sha256}`]),
  ];
}

function sectionLines(section: Section): string[] {
  if (section.count === 0) return ['  none'];
  return [`  ${section.sentence}`, ...section.rows.flatMap(rowLines)];
}

function rowLines(row: Row): string[] {
  return [
    `  ${row.risk === '' ? ' ' : '!'}${grouped(row.count).padStart(5)}  ${row.action}${row.errorCode === '' ? '' : `  [${row.errorCode}]`}`,
    `          ${[row.fresh, row.risk, row.when, row.regions, row.addresses, row.means].filter((part) => part !== '').join(' | ')}`,
    ...(row.as === '' ? [] : [`          as ${row.as}`]),
    ...(row.said === '' ? [] : [`          “${row.said}”`]),
    ...(row.resources.length === 0 ? [] : [`          ${row.resources.join(' | ')}`]),
  ];
}
