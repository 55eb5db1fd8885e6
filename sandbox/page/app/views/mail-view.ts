import { h, type JSX } from 'preact';
import { act } from '../act.ts';
import type { SandboxState } from '../sandbox-state.ts';
import { clockTime } from '../time.ts';
import type { Ui } from '../ui.ts';

/** The mailbox, newest first; or the open mail. */
export function mailView(state: SandboxState, ui: Ui, tz: string): JSX.Element {
  const open = ui.mail === null ? undefined : state.emails[ui.mail];
  if (open !== undefined) return openMail(open, ui, tz);
  return h(
    'div',
    { class: 'panel', key: 'mailbox' },
    state.emails.length === 0 &&
      h('p', { class: 'nothing' }, 'No mail yet. The report arrives some time after access has ended.'),
    state.emails
      .map((mail, index) =>
        h(
          'button',
          {
            key: String(index),
            type: 'button',
            class: 'mail-row',
            'data-testid': 'mail-row',
            onClick: act({ do: 'read-mail', index }),
          },
          h('span', { class: 'subject' }, mail.subject),
          h('span', { class: 'muted' }, `to ${mail.to.join(', ')}`),
          h('time', {}, clockTime(Date.parse(mail.at), tz)),
        ),
      )
      .reverse(),
  );
}

function openMail(mail: SandboxState['emails'][number], ui: Ui, tz: string): JSX.Element {
  const format = mail.html === '' ? 'text' : ui.mailFormat;
  const tab = (name: 'html' | 'text', words: string) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        'aria-pressed': name === format ? 'true' : 'false',
        'data-testid': `mail-format-${name}`,
        onClick: act({ do: 'mail-format', format: name }),
      },
      words,
    );
  return h(
    'div',
    { class: 'panel mail', key: `mail-${ui.mail}` },
    h(
      'div',
      { class: 'mail-head' },
      h(
        'button',
        {
          type: 'button',
          class: 'button small',
          'data-testid': 'mail-back',
          onClick: act({ do: 'read-mail', index: null }),
        },
        '← Mailbox',
      ),
      tab('html', 'HTML'),
      tab('text', 'Text'),
    ),
    h('h3', { class: 'subject' }, mail.subject),
    h('p', { class: 'muted' }, `${mail.from} → ${mail.to.join(', ')} · ${clockTime(Date.parse(mail.at), tz)}`),
    format === 'html'
      ? // Nothing in the mail may run scripts; its links open in a new tab.
        h('iframe', {
          key: 'html',
          sandbox: 'allow-popups allow-popups-to-escape-sandbox',
          srcdoc: mail.html,
          title: mail.subject,
          'data-testid': 'mail-html',
        })
      : h('pre', { key: 'text', class: 'mail-text', 'data-testid': 'mail-text' }, mail.text),
  );
}
