import { type ComponentChildren, h } from 'preact';
import { type Fields, fieldsList, isFields, textOf } from '../../../slack/checks/shape.ts';
import { act } from '../act.ts';
import { mrkdwn } from '../mrkdwn.ts';
import type { SandboxState } from '../sandbox-state.ts';
import type { Ui } from '../ui.ts';
import { blocksView } from './blocks-view.ts';
import { avatar } from './message-view.ts';
import { readerOf } from './workspace-view.ts';

/** The topmost modal of the chosen person, if any is open. */
export function modalView(state: SandboxState, ui: Ui): ComponentChildren {
  const { screen } = state.slack;
  const open = screen.views.filter(({ type, user }) => type === 'modal' && user === ui.viewer).at(-1);
  if (open === undefined) return null;
  const { view, id } = open;
  const words = (text: unknown, otherwise: string) => (isFields(text) ? textOf(text.text) : otherwise);
  const optionsOf = Object.entries(ui.options)
    .filter(([key]) => key.startsWith(`${id}/`))
    .map(([key, options]) => [key.slice(id.length + 1), options] as const);
  const close = { do: 'call', call: { path: '/sandbox/slack/close', body: { user: ui.viewer, viewId: id } } } as const;
  return h(
    'div',
    { class: 'backdrop', key: `modal-${id}-${open.hash}` },
    h(
      'form',
      {
        class: 'dialog',
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': words(view.title, 'Form'),
        'data-testid': 'modal',
        'data-escape': 'modal-close',
        novalidate: true,
        onSubmit: act({ do: 'submit-form', viewId: id }),
      },
      h(
        'header',
        {},
        avatar('Glasshammer', undefined, true),
        h('h2', {}, words(view.title, '')),
        h('button', { type: 'button', class: 'icon', 'aria-label': 'Close', onClick: act(close) }, '×'),
      ),
      h(
        'div',
        { class: 'dialog-body' },
        blocksView(fieldsList(view.blocks), {
          reader: readerOf(state, ui),
          press: (block, element) => ({
            action: {
              do: 'press-in-form',
              viewId: id,
              actionId: textOf(element.action_id),
              blockId: textOf(block.block_id),
              ...(typeof element.value === 'string' ? { buttonValue: element.value } : {}),
            },
          }),
          form: {
            viewId: id,
            values: heldValues(view),
            options: Object.fromEntries(optionsOf),
            errors: ui.errors?.viewId === id ? ui.errors.byBlock : {},
            users: screen.users,
            channels: screen.channels.filter(({ user }) => user === undefined),
          },
        }),
      ),
      h(
        'footer',
        {},
        h(
          'button',
          { type: 'button', class: 'button', 'data-testid': 'modal-close', onClick: act(close) },
          words(view.close, 'Cancel'),
        ),
        isFields(view.submit) &&
          h(
            'button',
            { type: 'submit', class: 'button primary', 'data-testid': 'modal-submit' },
            words(view.submit, 'Submit'),
          ),
      ),
    ),
  );
}

function heldValues(view: Fields): Record<string, Record<string, Fields>> {
  const values = isFields(view.state) ? view.state.values : undefined;
  return (isFields(values) ? values : {}) as Record<string, Record<string, Fields>>;
}

/** The confirmation dialog of a press, if one is open. */
export function confirmView(state: SandboxState, ui: Ui): ComponentChildren {
  if (ui.confirm === null) return null;
  const { words } = ui.confirm;
  return h(
    'div',
    { class: 'backdrop', key: 'confirm' },
    h(
      'div',
      {
        class: 'dialog small',
        role: 'alertdialog',
        'aria-modal': 'true',
        'aria-label': words.title,
        'data-testid': 'confirm',
        'data-escape': 'confirm-cancel',
      },
      h('header', {}, h('h2', {}, words.title)),
      h('div', { class: 'dialog-body' }, mrkdwn(words.text, readerOf(state, ui))),
      h(
        'footer',
        {},
        h(
          'button',
          { type: 'button', class: 'button', 'data-testid': 'confirm-cancel', onClick: act({ do: 'dismiss' }) },
          words.cancel,
        ),
        h(
          'button',
          {
            type: 'button',
            class: words.danger ? 'button danger' : 'button primary',
            'data-testid': 'confirm-ok',
            onClick: act({ do: 'confirmed' }),
          },
          words.ok,
        ),
      ),
    ),
  );
}
