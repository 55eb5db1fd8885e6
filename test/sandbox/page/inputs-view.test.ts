import type { BlockPlace } from '../../../sandbox/page/app/views/block-place.ts';
import { inputBlock } from '../../../sandbox/page/app/views/inputs-view.ts';
import { elementsIn, textIn } from './tree.ts';

const option = (value: string, text: string, description?: string) => ({
  text: { type: 'plain_text', text },
  value,
  ...(description === undefined ? {} : { description: { type: 'plain_text', text: description } }),
});

/** What a menu that begins with Production lists, each with whether it is chosen. */
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

test('what a menu begins with stays chosen when the app says what there is to choose', () => {
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
