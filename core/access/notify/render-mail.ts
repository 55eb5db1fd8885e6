import type { Mail } from '../../activity/ports.ts';
import { type Html, html, joined } from '../../activity/report/render/html.ts';
import { COLOURS, facts, page, row } from '../../activity/report/render/render-html.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { MailKind } from './mail-people.ts';
import { type MailPlaces, type PersonMail, personMail } from './mail-words.ts';

/** The longest subject line; a longer one is cut. Characters. */
const SUBJECT = 180;

const TONES: Readonly<Record<PersonMail['tone'], { readonly name: string; readonly colour: string }>> = {
  plain: { name: 't', colour: '#1b1f24' },
  good: { name: 'ok', colour: COLOURS.good },
  warn: { name: 'warn', colour: COLOURS.warning },
  bad: { name: 'bad', colour: COLOURS.danger },
};

/** A mail to one person about a request, as HTML and as text. */
export function renderPersonMail(request: AccessRequest, kind: MailKind, places: MailPlaces): Mail {
  return renderMail(personMail(request, kind, places), request.id);
}

/** A mail as HTML and as text. @param about an id that groups mails about the same thing into a thread */
export function renderMail(mail: PersonMail, about: string): Mail {
  return {
    subject: mail.subject.slice(0, SUBJECT),
    html: asHtml(mail),
    text: asText(mail),
    thread: { id: about },
  };
}

function asText({ title, said, facts: all, action, notes }: PersonMail): string {
  const width = Math.max(...all.map(({ label }) => label.length)) + 2;
  const lines = all.map(({ label, value }) => `${`${label}:`.padEnd(width)}${value}`);
  return `${[title, '', ...said, '', ...lines, '', `${action.words}: ${action.href ?? action.command ?? ''}`, '', ...notes].join('\n')}\n`;
}

/** Built like the report: tables and inline styles, nothing loaded from elsewhere. Its only link needs a sign-in. */
function asHtml({ title, said, tone, facts: all, action, notes }: PersonMail): string {
  const { name, colour } = TONES[tone];
  const body = joined([
    row(
      html`<div class="m" style="color:${COLOURS.muted};font-size:12px;letter-spacing:.06em;text-transform:uppercase">Glasshammer</div>
<h1 class="${name}" style="margin:4px 0 6px;font-size:21px;line-height:1.3;font-weight:600;color:${colour}">${title}</h1>
${joined(said.map((line) => html`<div class="t" style="font-size:15px">${line}</div>`))}`,
      'padding-top:22px;padding-bottom:14px',
    ),
    row(facts({ facts: all }), 'padding-bottom:12px'),
    row(actionOf(action), 'padding-top:4px;padding-bottom:14px'),
    row(
      joined(notes.map((note) => html`<div class="m" style="font-size:12px;color:${COLOURS.muted}">${note}</div>`)),
      'padding-bottom:20px',
    ),
  ]);
  return page(title, body).markup;
}

function actionOf({ words, href, command }: PersonMail['action']): Html {
  if (href !== undefined)
    return html`<a href="${href}" target="_blank" rel="noopener noreferrer" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1d4ed8;color:#ffffff;font-weight:600;text-decoration:none">${words}</a>
<div class="m" style="margin-top:8px;font-size:12px;color:${COLOURS.muted};word-break:break-all">${href}</div>`;
  return html`<div class="t">${words}:</div>
<pre class="box t" style="margin:6px 0;padding:10px;background:#f6f7f9;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere">${command ?? ''}</pre>`;
}
