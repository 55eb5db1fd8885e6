import { isInScope } from '../../../../core/drift/rules.ts';
import { driftScope } from '../../../../lambdas/shared/services/configured-targets.ts';
import { defineConfig } from '../../../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../../../lib/config/glasshammer-config.ts';
import { settingsFrom } from '../../../../lib/config/settings-from-config.ts';
import { BASE } from '../../../stack/synthesized.ts';

const GROUP = 'c3d4e5f6-a7b8-9012-3456-789012abcdef';
const SET = { name: 'Old', arn: `${BASE.permissionSets[0]?.arn.replace(/ps-.*$/, '')}ps-00000000000000ff` };

test('retired groups, accounts and permission sets cannot be asked for any more, but drift is still detected on them', () => {
  const retired = { groups: [{ name: 'OnCall', id: GROUP }], accounts: ['999988887777'], permissionSets: [SET] };
  const settings = settingsFrom(defineConfig({ ...BASE, retired } as GlasshammerConfig));
  expect([settings.groups, settings.accounts]).toEqual([
    expect.not.arrayContaining([GROUP]),
    expect.not.arrayContaining(['999988887777']),
  ]);
  const scope = driftScope(settings);
  expect(isInScope({ groupId: GROUP }, scope)).toBe(true);
  expect(isInScope({ accountId: '999988887777', permissionSetArn: SET.arn }, scope)).toBe(true);
});
