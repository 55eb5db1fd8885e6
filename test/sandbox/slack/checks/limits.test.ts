import { checkView } from '../../../../sandbox/slack/checks/check-blocks.ts';
import { checkContent } from '../../../../sandbox/slack/checks/check-message.ts';
import type { Fields } from '../../../../sandbox/slack/checks/shape.ts';
import type { SlackError } from '../../../../sandbox/slack/slack-error.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (fields: Fields = {}) => ({ type: 'section', text: mrkdwn('x'), ...fields });
const button = (fields: Fields = {}) => ({ type: 'button', action_id: 'go', text: plain('Go'), ...fields });
const actions = (...elements: Fields[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain(value), value });
const options = (count: number) => Array.from({ length: count }, (_, index) => option(`v${index}`));
const select = (fields: Fields) => ({ type: 'static_select', action_id: 'pick', ...fields });
const input = (element: Fields) => ({ type: 'input', label: plain('Why'), element });
const x = (length: number) => 'x'.repeat(length);
const confirm = (fields: Fields = {}) => ({
  title: plain('t'),
  text: plain('t'),
  confirm: plain('y'),
  deny: plain('n'),
  ...fields,
});
const many = (count: number, make: (index: number) => Fields) =>
  Array.from({ length: count }, (_, index) => make(index));

/** The error of Slack for a message with these blocks; empty if it accepts them. */
function refused(blocks: Fields[]): string {
  try {
    checkContent({ text: 'fallback', blocks, attachments: [] });
    return '';
  } catch (error) {
    const { code, details } = error as SlackError;
    return [code, ...details].join(' | ');
  }
}

const TOO_MUCH: [string, Fields[], string][] = [
  ['a section of 3,001 characters', [section({ text: mrkdwn(x(3001)) })], '/blocks/0/text/text'],
  ['an empty section', [{ type: 'section' }], 'must define either `text` or `fields`'],
  ['an empty text', [section({ text: mrkdwn('') })], 'must be more than 0 characters'],
  ['a field of 2,001 characters', [section({ fields: [mrkdwn(x(2001))] })], '/blocks/0/fields/0/text'],
  ['eleven fields', [section({ fields: many(11, () => mrkdwn('x')) })], 'no more than 10 items'],
  ['a header in markdown', [{ type: 'header', text: mrkdwn('x') }], 'unsupported type: mrkdwn'],
  ['a header of 151 characters', [{ type: 'header', text: plain(x(151)) }], 'must be less than 151 characters'],
  ['a button label of 76 characters', [actions(button({ text: plain(x(76)) }))], 'must be less than 76 characters'],
  ['a button label in markdown', [actions(button({ text: mrkdwn('x') }))], 'unsupported type: mrkdwn'],
  ['a button value of 2,001 characters', [actions(button({ value: x(2001) }))], 'must be less than 2001 characters'],
  ['a button style Slack does not have', [actions(button({ style: 'warning' }))], 'must be a valid enum value'],
  ['an action id of 256 characters', [actions(button({ action_id: x(256) }))], 'must be less than 256 characters'],
  ['a block id of 256 characters', [section({ block_id: x(256) })], 'must be less than 256 characters'],
  [
    'two blocks with one id',
    [section({ block_id: 'a' }), section({ block_id: 'a' })],
    'already exists for another block',
  ],
  [
    'two buttons with one id in a block',
    [actions(button(), button())],
    'already exists for another interactive element',
  ],
  [
    '26 buttons in a row',
    [actions(...many(26, (index) => button({ action_id: `a${index}` })))],
    'no more than 25 items',
  ],
  ['no buttons in a row', [actions()], 'no less than 1 items'],
  [
    'eleven elements in a context',
    [{ type: 'context', elements: many(11, () => mrkdwn('x')) }],
    'no more than 10 items',
  ],
  ['a button in a context', [{ type: 'context', elements: [button()] }], 'unsupported type: button'],
  ['51 blocks', many(51, () => section()), 'no more than 50 items'],
  ['an unknown block', [{ type: 'paragraph', text: plain('x') }], 'unsupported type: paragraph'],
  ['an unknown element', [actions({ type: 'slider', action_id: 'a' })], 'unsupported type: slider'],
  ['a text input in an actions block', [actions({ type: 'plain_text_input', action_id: 'a' })], 'unsupported type'],
  ['a field Slack does not know', [section({ colour: 'red' })], 'invalid additional property: colour'],
  ['101 options', [actions(select({ options: options(101) }))], 'no more than 100 items'],
  ['a menu without options', [actions(select({}))], 'must define either `options` or `option_groups`'],
  [
    'an option text of 76 characters',
    [actions(select({ options: [{ text: plain(x(76)), value: 'v' }] }))],
    'less than 76',
  ],
  [
    'an option value of 76 characters',
    [actions(select({ options: [{ text: plain('t'), value: x(76) }] }))],
    'less than 76',
  ],
  [
    'an initial option that is not offered',
    [actions(select({ options: options(2), initial_option: option('other') }))],
    'one of the options',
  ],
  [
    'an initial option whose text is not the one that is offered',
    [actions(select({ options: options(2), initial_option: { ...option('v1'), text: plain('other') } }))],
    'one of the options',
  ],
  [
    'a confirm title of 101 characters',
    [actions(button({ confirm: confirm({ title: plain(x(101)) }) }))],
    'less than 101',
  ],
  [
    'a confirm text of 301 characters',
    [actions(button({ confirm: confirm({ text: plain(x(301)) }) }))],
    'less than 301',
  ],
  [
    'a confirm button of 31 characters',
    [actions(button({ confirm: confirm({ deny: plain(x(31)) }) }))],
    'less than 31',
  ],
  ['half a confirm dialog', [actions(button({ confirm: { title: plain('t') } }))], 'missing required field: text'],
  ['a null where an object belongs', [section({ accessory: null })], 'must provide an object'],
];

describe('a message that Slack would refuse', () => {
  it.each(TOO_MUCH)(
    'is refused by the emulator too, so that it does not fail first in production: %s',
    (_, blocks, complaint) => {
      expect(refused(blocks)).toMatch(/^invalid_blocks/);
      expect(refused(blocks)).toContain(complaint);
    },
  );

  it('is refused if its blocks are short enough but too long together', () => {
    expect(refused(many(5, () => section({ text: mrkdwn(x(2900)) })))).toBe('msg_blocks_too_long');
  });
});

describe('a message at the limits of Slack', () => {
  const FITS: [string, Fields[]][] = [
    ['3,000 characters in a section', [section({ text: mrkdwn(x(3000)) })]],
    ['75 emoji on a button, which are 150 code units', [actions(button({ text: plain('🔨'.repeat(75)) }))]],
    ['the same action id in two blocks', [actions(button()), actions(button())]],
    ['50 blocks', many(50, () => section())],
    ['100 options', [actions(select({ options: options(100) }))]],
    [
      'a divider, an image, a markdown text',
      [
        { type: 'divider' },
        { type: 'image', alt_text: 'a', image_url: 'https://example.com/a.png' },
        { type: 'markdown', text: '# x' },
      ],
    ],
  ];
  it.each(FITS)('is accepted: %s', (_, blocks) => {
    expect(refused(blocks)).toBe('');
  });
});

describe('attachments', () => {
  const check = (attachment: Fields) => () => checkContent({ text: '', blocks: [], attachments: [attachment] });
  const action = { type: 'button', name: 'retry', text: 'Retry', value: 'retry' };

  it('are refused if Slack could not show a button for them', () => {
    expect(check({ callback_id: 'c', actions: [{ ...action, type: 'link' }] })).toThrow('invalid_attachments');
    expect(check({ actions: [action] })).toThrow('missing required field: callback_id');
    expect(check({ callback_id: 'c', actions: many(6, () => action) })).toThrow('no more than 5 items');
    expect(check({ callback_id: 'c', actions: [action] })).not.toThrow();
  });
});

describe('views', () => {
  const modal = (fields: Fields = {}) => ({ type: 'modal', title: plain('Ask'), blocks: [section()], ...fields });
  const text = { type: 'plain_text_input', action_id: 'reason' };

  const BAD_VIEWS: [string, Fields, string][] = [
    [
      'a title of 25 characters',
      modal({ title: plain(x(25)) }),
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    ['a submit button of 25 characters', modal({ submit: plain(x(25)) }), '/view/submit/text'],
    ['a close button of 25 characters', modal({ close: plain(x(25)) }), '/view/close/text'],
    ['3,001 characters of private metadata', modal({ private_metadata: x(3001) }), '/view/private_metadata'],
    ['a callback id of 256 characters', modal({ callback_id: x(256) }), '/view/callback_id'],
    ['an input without a submit button', modal({ blocks: [input(text)] }), 'must define `submit`'],
    ['101 blocks', modal({ blocks: many(101, () => section()) }), 'no more than 100 items'],
    [
      'a title on an App Home',
      { type: 'home', title: plain('x'), blocks: [section()] },
      'invalid additional property: title',
    ],
    ['no title', { type: 'modal', blocks: [section()] }, 'missing required field: title'],
    [
      'a text field for more than 3,000 characters',
      modal({ submit: plain('s'), blocks: [input({ ...text, max_length: 3001 })] }),
      'at most 3000',
    ],
    ['a button as an input', modal({ submit: plain('s'), blocks: [input(button())] }), 'unsupported type: button'],
    [
      'a time of 25:00',
      modal({ submit: plain('s'), blocks: [input({ type: 'timepicker', action_id: 't', initial_time: '25:00' })] }),
      'expected pattern',
    ],
    [
      'eleven checkboxes',
      modal({ submit: plain('s'), blocks: [input({ type: 'checkboxes', action_id: 'c', options: options(11) })] }),
      'no more than 10 items',
    ],
  ];
  it.each(BAD_VIEWS)('are refused with %s', (_, view, complaint) => {
    expect(checkView(view).join(' | ')).toContain(complaint);
  });

  it('are accepted with every kind of input that Glasshammer uses', () => {
    const inputs = [
      text,
      { type: 'external_select', action_id: 'account', min_query_length: 0, placeholder: plain('Account') },
      select({ options: options(3), initial_option: option('v1') }),
      { type: 'datepicker', action_id: 'day', initial_date: '2026-01-05' },
      { type: 'timepicker', action_id: 'time', initial_time: '09:00' },
      { type: 'checkboxes', action_id: 'boxes', options: [{ text: mrkdwn('*now*'), value: 'now' }] },
      { type: 'radio_buttons', action_id: 'radio', options: options(2) },
    ];
    expect(checkView(modal({ submit: plain('Ask'), blocks: inputs.map(input) }))).toEqual([]);
    expect(checkView({ type: 'home', blocks: many(100, () => section()) })).toEqual([]);
  });
});
