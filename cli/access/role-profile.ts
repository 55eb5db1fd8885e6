import { join } from 'node:path';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { type Profile, profileFor, type Role } from './profile.ts';
import type { ShownRequest } from './session.ts';

/** The role that a request gives; `undefined` where its target is a group. */
export function roleOf({ target: { accountId, accountName = '', permissionSet } }: ShownRequest): Role | undefined {
  return accountId === undefined || permissionSet === undefined ? undefined : { accountId, accountName, permissionSet };
}

/**
 * The profile for a role, and the text of the AWS configuration file.
 *
 * @param mustWork whether the profile must be complete, because a program is run with it
 * @throws UsageError where it must work and the current profile does not sign in through Identity Center
 */
export async function profileOf(
  role: Role,
  io: Pick<CliIo, 'env' | 'readFile'>,
  mustWork: boolean,
): Promise<Profile & { readonly config: string }> {
  const file = io.env.AWS_CONFIG_FILE ?? join(io.env.HOME ?? io.env.USERPROFILE ?? '', '.aws', 'config');
  const config = await io.readFile(file).catch(() => '');
  const profile = profileFor(config, io.env.AWS_PROFILE, role);
  if (mustWork && !profile.known)
    throw new UsageError('exec signs in as your profile does: set AWS_PROFILE to one that aws configure sso has made');
  return { ...profile, config };
}
