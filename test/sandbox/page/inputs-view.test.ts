import type { BlockPlace } from '../../../sandbox/page/app/views/block-place.ts';
import { inputBlock } from '../../../sandbox/page/app/views/inputs-view.ts';
import { elementsIn, textIn } from './tree.ts';

const option = (value: string, text: string, description?: string) => ({
  text: { type: 'plain_text', text },
  value,
  ...(description === undefined ? {} : { description: { type: 'plain_text', text: description } }),
});

/** The options of a menu whose initial option is Production, each with whether it is selected. */
function listed(offered: readonly object[] | undefined): (readonly [string, unknown])[] {
  const element = { type: 'external_select', action_id: 'account', initial_option: option('1', 'Production') };
  const place = {
    reader: { tz: 'UTC' },
    form: {
      viewId: 'V1',
      values: { account: { account: { type: 'external_select', selected_option: option('1', 'Production') } } },
      options: offered === undefined ? {} : { account: offered },
      errors: {},
      users: [],
      channels: [],
    },
  } as unknown as BlockPlace;
  const block = { type: 'input', block_id: 'account', label: { type: 'plain_text', text: 'Account' }, element };
  return elementsIn(inputBlock(block, place))
    .filter(({ tag }) => tag === 'option')
    .map((node) => [textIn(node), node.attributes.selected] as const);
}

test('the initial option of a menu stays selected after the app has sent its options', () => {
  expect(listed(undefined)).toEqual([
    ['Choose', undefined],
    ['Production', true],
  ]);
  expect(listed([option('2', 'Staging'), option('1', 'Production', '123')])).toEqual([
    ['Choose', undefined],
    ['Staging', false],
    ['Production · 123', true],
  ]);
  expect(listed([option('2', 'Staging')])).toEqual([
    ['Choose', undefined],
    ['Staging', false],
    ['Production', true],
  ]);
});

/** Every Block Kit element of an input block, except files and rich text, which the emulator refuses in a form. */
const IN_A_FORM: readonly string[] = [
  ...['plain_text_input', 'email_text_input', 'url_text_input', 'number_input'],
  ...['datepicker', 'timepicker', 'datetimepicker', 'checkboxes', 'radio_buttons'],
  ...['static_select', 'external_select', 'users_select', 'conversations_select', 'channels_select'].flatMap((menu) => [
    menu,
    `multi_${menu}`,
  ]),
];

function drawn(element: Readonly<Record<string, unknown>>, held: object = {}) {
  const place = {
    reader: { tz: 'Europe/Berlin' },
    form: { viewId: 'V1', values: { field: { one: held } }, options: {}, errors: {}, users: [], channels: [] },
  } as unknown as BlockPlace;
  const block = { type: 'input', block_id: 'field', label: { type: 'plain_text', text: 'Field' }, element };
  return elementsIn(inputBlock(block, place));
}

test.each(IN_A_FORM)('a %s is drawn as a field that a person can fill in', (type) => {
  const nodes = drawn({ type, action_id: 'one', options: [option('1', 'One')] });
  expect(nodes.some(({ tag }) => ['input', 'select', 'textarea'].includes(String(tag)))).toBe(true);
  expect(nodes.map(textIn).join()).not.toContain(`(${type})`);
});

test('a date and time picker shows the chosen instant in the time zone of the viewer', () => {
  const held = { type: 'datetimepicker', selected_date_time: Date.parse('2026-01-05T12:30:00Z') / 1000 };
  const [picker] = drawn({ type: 'datetimepicker', action_id: 'one' }, held).filter(({ tag }) => tag === 'input');
  expect(picker?.attributes).toMatchObject({ type: 'datetime-local', defaultValue: '2026-01-05T13:30' });
});
