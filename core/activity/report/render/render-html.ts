import { byteLength } from '../../../model/text.ts';
import type { CallKind } from '../../classify/call-kind.ts';
import type { Archive } from '../list-words.ts';
import type { RaisedFlag } from '../raised-flags.ts';
import type { ReportModel, Row, Section } from '../report.ts';
import { Html, html, joined } from './html.ts';
import { counted, grouped } from './wording.ts';

/** Mail programs cut a mail off at about 100 KB, and so hide its end; the text part has everything. Bytes. */
const MOST_BYTES = 100 * 1024;

/** The shares of each list that are tried in turn until the mail has room, so that long names cannot hide its end. */
const SHARES = [1, 0.6, 0.35, 0.2, 0.1, 0.05];

/** Rows shown per section. */
const MOST_ROWS: Readonly<Record<CallKind, number>> = { write: 50, refused: 20, failed: 10, read: 20, 'sign-in': 5 };

/** Colours of texts; for dark screens the style sheet has others, by class. */
export const COLOURS = {
  danger: '#b42318',
  warning: '#92400e',
  good: '#166534',
  muted: '#5b6472',
} as const;

/**
 * The report as HTML for mail programs: tables and inline styles, nothing loaded from anywhere, no script, and no links
 * but to the page of the request and the archived list. One column, so that a phone shows it without sideways
 * scrolling. The style sheet only adds colours for dark screens; without it nothing is lost.
 */
export function renderHtml(model: ReportModel): string {
  let html = '';
  for (const share of SHARES) {
    html = renderShare(model, share);
    if (byteLength(html) < MOST_BYTES) break;
  }
  return html;
}

/** @param share how much of each list is shown, from 0 to 1 */
function renderShare(model: ReportModel, share: number): string {
  const body = joined([
    header(model),
    ...(model.counts === undefined ? [] : [tiles(model.counts, model.flags)]),
    gaps(model.coverage.gaps),
    ...(model.news === undefined ? [] : [block(model.news.since, news(model.news.lines))]),
    block('Request', facts(model)),
    ...(model.flags.length === 0 ? [] : [block('To look at', joined(model.flags.map((each) => flag(each, share))))]),
    ...(model.mayStillAct.length === 0 ? [] : [block('May still act', bullets(some(model.mayStillAct, share)))]),
    ...(model.sessions.length === 0 ? [] : [block('Who was gone on as', sessionTree(model, share))]),
    ...(model.timeLine.length === 0 ? [] : [block('Time line', timeLine(model, share))]),
    ...model.sections.map((section) => block(`${section.title} (${grouped(section.count)})`, calls(section, share))),
    ...(model.suggestion === undefined ? [] : [block('A smaller policy', suggestion(model.suggestion, share))]),
    ...(model.archive === undefined ? [] : [block(model.archive.title, archive(model.archive))]),
    ...(model.attached.length === 0 ? [] : [block('Attached', bullets(model.attached))]),
    block('What this report sees', bullets(model.coverage.limits)),
    block('History of the request', history(model, share)),
  ]);
  return page(model.title, body).markup;
}

const STYLE = new Html(
  `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.bg{background:#15181d!important}.card{background:#1e2228!important;border-color:#343a43!important}.t{color:#e8eaed!important}.m{color:#a9b1bd!important}.ln{border-color:#343a43!important}.box{background:#262b33!important}.bad{color:#ff9b90!important}.warn{color:#f5c56b!important}.ok{color:#86dfa4!important}}
@media (max-width:480px){.pad{padding-left:14px!important;padding-right:14px!important}}`,
);

/** A whole mail. @param body rows */
export function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no"><title>${title}</title><style>${STYLE}</style></head>
<body class="bg" style="margin:0;padding:0;background:#f2f4f7"><table role="presentation" class="bg" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f4f7"><tr><td align="center" style="padding:16px 8px"><table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:680px;background:#ffffff;border:1px solid #dfe3e8;border-radius:8px;table-layout:fixed;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:1.5;color:#1b1f24;text-align:left">
${body}
</table></td></tr></table></body></html>
`;
}

/** One row of the single column. */
export function row(content: Html, style = ''): Html {
  return html`<tr><td class="pad t" style="padding:0 24px;overflow-wrap:anywhere;word-break:break-word;${style}">${content}</td></tr>
`;
}

function header(model: ReportModel): Html {
  const { status } = model.coverage;
  const tone = status === 'unreadable' ? 'bad' : status === 'partly' ? 'warn' : 't';
  const colour = status === 'unreadable' ? COLOURS.danger : status === 'partly' ? COLOURS.warning : '#1b1f24';
  return row(
    html`<div class="m" style="color:${COLOURS.muted};font-size:12px;letter-spacing:.06em;text-transform:uppercase">Glasshammer access report</div>
<h1 class="t" style="margin:4px 0 6px;font-size:21px;line-height:1.3;font-weight:600">${model.title}</h1>
<div class="${tone}" style="font-size:15px;color:${colour}">${model.verdict}</div>${edition(model)}${pageLink(model)}`,
    'padding-top:22px;padding-bottom:14px',
  );
}

function edition({ edition: which }: ReportModel): Html {
  if (which === undefined) return joined([]);
  return html`<div class="m" style="margin-top:4px;color:${COLOURS.muted}">${which.sentence}</div>`;
}

function pageLink({ page: href }: ReportModel): Html {
  if (href === undefined) return joined([]);
  return html`<div style="margin-top:6px"><a class="ok" href="${href}" target="_blank" rel="noopener noreferrer" style="color:${COLOURS.good};font-weight:600">Open in the console</a></div>`;
}

function news(lines: readonly string[]): Html {
  return lines.length === 0 ? html`<div class="m" style="color:${COLOURS.muted}">Nothing new.</div>` : bullets(lines);
}

function tiles(counts: Readonly<Record<CallKind, number>>, flags: readonly RaisedFlag[]): Html {
  const look = flags.filter(({ level }) => level === 'look').length;
  const shown: readonly (readonly [number, string, boolean])[] = [
    [counts.write, counts.write === 1 ? 'write' : 'writes', false],
    [counts.refused, 'refused', counts.refused > 0],
    [counts.read, counts.read === 1 ? 'read' : 'reads', false],
    [look, 'to look at', look > 0],
  ];
  const cells = shown.map(
    ([count, label, alarming], index) =>
      html`<td class="box" width="25%" style="background:#f6f7f9;padding:10px 4px;text-align:center;${index === 0 ? '' : 'border-left:4px solid transparent;background-clip:padding-box;'}"><div class="${alarming ? 'bad' : 't'}" style="font-size:22px;line-height:1.2;font-weight:600;color:${alarming ? COLOURS.danger : '#1b1f24'}">${grouped(count)}</div><div class="m" style="font-size:12px;color:${COLOURS.muted}">${label}</div></td>`,
  );
  return row(
    html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed"><tr>${joined(cells)}</tr></table>`,
    'padding-bottom:6px',
  );
}

function gaps(sentences: readonly string[]): Html {
  if (sentences.length === 0) return joined([]);
  return row(
    html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="box" style="background:#fff7ed;border-left:4px solid #d97706;padding:10px 12px"><div class="warn" style="font-weight:600;color:${COLOURS.warning}">What is missing</div>${joined(
      sentences.map((sentence) => html`<div class="t" style="margin-top:4px">${sentence}</div>`),
    )}</td></tr></table>`,
    'padding-top:8px;padding-bottom:4px',
  );
}

function block(title: string, content: Html): Html {
  return row(
    html`<h2 class="t ln" style="margin:0 0 6px;padding-top:14px;border-top:1px solid #e6e9ee;font-size:16px;line-height:1.3;font-weight:600">${title}</h2>${content}`,
    'padding-top:10px;padding-bottom:8px',
  );
}

/** The facts of a request, a label and a value per row. */
export function facts({ facts: all }: Pick<ReportModel, 'facts'>): Html {
  const rows = all.map(
    ({ label, value, detail }) =>
      html`<tr><td class="m" valign="top" style="width:92px;padding:3px 10px 3px 0;color:${COLOURS.muted}">${label}</td><td class="t" valign="top" style="padding:3px 0">${value}${small(detail ?? '')}</td></tr>`,
  );
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed">${joined(rows)}</table>`;
}

/** The first lines of a list, and how many more there are. */
function some(lines: readonly string[], share: number): readonly string[] {
  const shown = lines.slice(0, Math.ceil(lines.length * share));
  const left = lines.length - shown.length;
  return left === 0 ? lines : [...shown, `and ${grouped(left)} more: see the plain-text part of this mail`];
}

function rest(left: number): Html {
  return left === 0 ? joined([]) : small(`And ${grouped(left)} more: see the plain-text part of this mail.`);
}

function small(text: string): Html {
  return text === '' ? joined([]) : html`<div class="m" style="font-size:12px;color:${COLOURS.muted}">${text}</div>`;
}

function flag({ level, title, sentence, found, resources }: RaisedFlag, share: number): Html {
  const look = level === 'look';
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 8px"><tr><td class="box" style="background:${look ? '#fef3f2' : '#f6f7f9'};border-left:4px solid ${look ? '#d92d20' : '#98a2b3'};padding:8px 12px"><div class="${look ? 'bad' : 't'}" style="font-weight:600;color:${look ? COLOURS.danger : '#1b1f24'}">${title}</div><div class="t">${found}</div>${small(some(resources, share).join(' · '))}<div class="m" style="font-size:12px;color:${COLOURS.muted};margin-top:2px">${sentence}</div></td></tr></table>`;
}

function calls(section: Section, share: number): Html {
  if (section.count === 0) return html`<div class="m" style="color:${COLOURS.muted}">None.</div>`;
  const shown = section.rows.slice(0, Math.ceil(MOST_ROWS[section.kind] * share));
  const rest = section.rows.length - shown.length;
  const rows = shown.map(callRow);
  const more =
    rest === 0
      ? joined([])
      : small(`${counted(rest, 'more kind', 'more kinds')} of call: see the plain-text part of this mail.`);
  return html`${small(section.sentence)}<table width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed">${joined(rows)}</table>${more}`;
}

/** The call, then when and from where: two lines, because five columns do not fit a phone. */
function callRow(call: Row): Html {
  const error =
    call.errorCode === ''
      ? joined([])
      : html` <span class="bad" style="color:${COLOURS.danger}">${call.errorCode}</span>`;
  const risk =
    call.risk === '' ? joined([]) : html` <span class="bad" style="color:${COLOURS.danger}">! ${call.risk}</span>`;
  const lines = [
    [call.when, call.regions, call.addresses, call.means].filter((part) => part !== '').join(' · '),
    call.as === '' ? '' : `as ${call.as}`,
    call.said === '' ? '' : `“${call.said}”`,
    call.resources.join(' · '),
  ];
  return html`<tr><td class="ln t" valign="top" style="width:44px;padding:6px 8px 6px 0;border-top:1px solid #eef0f3;text-align:right">${grouped(call.count)}×</td><td class="ln t" style="padding:6px 0;border-top:1px solid #eef0f3"><b style="font-weight:600">${call.action}</b>${error}${risk}<div class="m" style="font-size:12px;color:${COLOURS.muted}">${joined(lines.filter((line) => line !== '').map((line, index) => (index === 0 ? html`${line}` : html`<br>${line}`)))}</div></td></tr>
`;
}

function suggestion(suggested: NonNullable<ReportModel['suggestion']>, share: number): Html {
  const policy = some(suggested.policy.split('\n'), share).join('\n');
  return html`<div class="t">${suggested.sentence}</div>${joined(suggested.advice.map((line) => html`<div class="t">${line}</div>`))}<pre class="box t" style="margin:6px 0;padding:10px;background:#f6f7f9;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere">${policy}</pre>${bullets(suggested.limits)}`;
}

/** The link shows its address, for readers who check an address before they follow it. */
function archive({ sentence, files }: Archive): Html {
  const links = files.map(
    ({ name, address, sha256 }) =>
      html`<div class="t" style="margin-top:4px"><a href="${address}" style="color:#1d4ed8">${name}: ${address}</a>${small(`SHA-256 ${sha256}`)}</div>`,
  );
  return html`<div class="t">${sentence}</div>${joined(links)}`;
}

function sessionTree({ sessions }: ReportModel, share: number): Html {
  const rows = sessions
    .slice(0, Math.ceil(sessions.length * share))
    .map(
      ({ depth, name, detail }) =>
        html`<tr><td class="t" style="padding:3px 0 3px ${depth * 18}px">${depth === 0 ? '' : '↳ '}${name}${small(detail)}</td></tr>`,
    );
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed">${joined(rows)}</table>${rest(sessions.length - rows.length)}`;
}

/** Shows the time of day alone if the day is that of the previous moment. */
function timeLine({ timeLine: all }: ReportModel, share: number): Html {
  const moments = all.slice(0, Math.ceil(all.length * share));
  const rows = moments.map(({ at, what, detail }, index) => {
    const day = at.slice(0, 10);
    const shown = moments[index - 1]?.at.slice(0, 10) === day ? at.slice(11, 19) : `${day} ${at.slice(11, 19)}`;
    return html`<tr><td class="m" valign="top" style="width:84px;padding:3px 10px 3px 0;color:${COLOURS.muted};font-size:12px">${shown}</td><td class="t" valign="top" style="padding:3px 0"><b style="font-weight:600">${what}</b>${small(detail)}</td></tr>`;
  });
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed">${joined(rows)}</table>${rest(all.length - moments.length)}`;
}

function bullets(sentences: readonly string[]): Html {
  return joined(
    sentences.map(
      (sentence) =>
        html`<div class="m" style="font-size:13px;color:${COLOURS.muted};margin:0 0 4px">• ${sentence}</div>`,
    ),
  );
}

function history({ history: lines }: ReportModel, share: number): Html {
  const shown = lines.slice(-Math.ceil(lines.length * share) || lines.length);
  return joined([
    rest(lines.length - shown.length),
    ...shown.map(
      ({ at, what, by, note }) =>
        html`<div class="t" style="font-size:13px;margin:0 0 3px"><span class="m" style="color:${COLOURS.muted}">${at}</span> <b style="font-weight:600">${what}</b> by ${by}${note === '' ? '' : `: ${note}`}</div>`,
    ),
  ]);
}
