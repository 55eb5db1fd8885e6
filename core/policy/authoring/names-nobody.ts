import type { AccessItem } from '../../model/access-item.ts';
import type { Directory } from '../../model/directory.ts';
import { isIdentityCenterId } from '../records/identity-center-id.ts';
import { parsePolicySet } from '../records/policy-set.ts';
import { recordKind } from '../records/record-kind.ts';

type People = Pick<Directory, 'user' | 'userIdsByEmail' | 'group' | 'groupIdByName'>;

/**
 * The users and groups in the `who` of a deny or require policy that do not exist in the directory: misspelt, in other
 * case, or deleted. People ask about an allow that gives them nothing, but nobody notices a deny or require that binds
 * nobody.
 *
 * @returns as written, `group:…` and `user:…`; none for a record that cannot be parsed, which is reported separately
 * @throws the errors of the directory
 */
export async function namesNobody(item: AccessItem, directory: People): Promise<readonly string[]> {
  if (recordKind(String(item.id)) !== 'policy') return [];
  const [policy] = parsePolicySet([item]).policies;
  if (policy === undefined || policy.effect === 'allow') return [];
  const { users, groups } = policy.scope.who;
  const refs = [
    ...users.map((name) => [`user:${name}`, () => isUser(name, directory)] as const),
    ...groups.map((name) => [`group:${name}`, () => isGroup(name, directory)] as const),
  ];
  const found = await Promise.all(refs.map(async ([ref, look]) => ((await look()) ? [] : [ref])));
  return found.flat();
}

async function isUser(name: string, directory: People): Promise<boolean> {
  if (!isIdentityCenterId(name) && (await directory.userIdsByEmail(name)).length > 0) return true;
  return !name.includes('@') && (await directory.user(name)) !== undefined;
}

async function isGroup(name: string, directory: People): Promise<boolean> {
  if (!isIdentityCenterId(name) && (await directory.groupIdByName(name)) !== undefined) return true;
  return (await directory.group(name)) !== undefined;
}
