import * as z from 'zod';
import { accountId, userId } from './shapes.ts';

const TARGET = "write { account: '…', permissionSet: '…' } or { group: '…' }";

/** The user that the canary asks for, and the target it tries every night. */
export const canarySetting = z
  .strictObject({
    userId,
    nightly: z
      .union(
        [z.strictObject({ account: accountId, permissionSet: z.string() }), z.strictObject({ group: z.string() })],
        { error: TARGET },
      )
      .optional(),
  })
  .optional();

type Canary = z.output<typeof canarySetting>;

/** The nightly target must be one that this deployment could give. */
export function canaryProblems(
  canary: Canary,
  config: {
    readonly accounts: '*' | readonly string[];
    readonly permissionSets: readonly { readonly name: string }[];
    readonly groups: readonly { readonly name: string }[];
  },
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const nightly = canary?.nightly;
  if (nightly === undefined) return [];
  const at = (field: string) => ['canary', 'nightly', field];
  if ('group' in nightly)
    return config.groups.some(({ name }) => name === nightly.group)
      ? []
      : [{ path: at('group'), message: `"${nightly.group}" is none of groups; write the name of one` }];
  return [
    ...(config.accounts === '*' || config.accounts.includes(nightly.account)
      ? []
      : [{ path: at('account'), message: `"${nightly.account}" is none of accounts, so nothing can be given there` }]),
    ...(config.permissionSets.some(({ name }) => name === nightly.permissionSet)
      ? []
      : [
          {
            path: at('permissionSet'),
            message: `"${nightly.permissionSet}" is none of permissionSets; write the name of one`,
          },
        ]),
  ];
}
