import * as z from 'zod/mini';
import type { Directory } from '../../model/directory.ts';
import { ACCOUNT_ID } from '../../model/target.ts';
import { isIdentityCenterId } from '../records/identity-center-id.ts';
import { type FileProblem, fileProblems } from './file-problems.ts';

const text = z.string().check(z.minLength(1));
/** YAML reads an account id without quotes as a number. */
const accountId = z.pipe(
  z.union([z.string(), z.number()]),
  z.transform((value, context) => {
    const id = String(value);
    if (!ACCOUNT_ID.test(id)) {
      context.issues.push({ code: 'custom', message: 'must be a 12-digit account id in quotes', input: value });
    }
    return id;
  }),
);

const organizationSchema = z.strictObject({
  users: z._default(
    z.array(
      z.strictObject({
        id: text,
        userName: z._default(z.string(), ''),
        displayName: z._default(z.string(), ''),
        email: z._default(z.string(), ''),
        enabled: z._default(z.boolean(), true),
        /** Ids of the groups the user is in. */
        groups: z._default(z.array(text), []),
      }),
    ),
    [],
  ),
  groups: z._default(z.array(z.strictObject({ id: text, name: text })), []),
  accounts: z._default(
    z.array(
      z.strictObject({
        id: accountId,
        name: z._default(z.string(), ''),
        /** Ids from the root down to the account's own unit. */
        ou: z._default(z.array(text), []),
        tags: z._default(
          z.record(z.string(), z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String))),
          {},
        ),
      }),
    ),
    [],
  ),
  permissionSets: z._default(z.array(z.strictObject({ arn: text, name: text })), []),
});

/** All users, groups, accounts and permission sets, from a directory file or read from AWS. */
export type Organization = z.output<typeof organizationSchema>;

/** The fields of a directory file, by path. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(organizationSchema.shape),
  'users[]': ['id', 'userName', 'displayName', 'email', 'enabled', 'groups'],
  'groups[]': ['id', 'name'],
  'accounts[]': ['id', 'name', 'ou', 'tags'],
  'permissionSets[]': ['arn', 'name'],
};

/**
 * Parses the content of a directory file, strictly: with a misspelt field, a check of policies could pass that should
 * fail.
 *
 * @returns the organization, or what is wrong with the file, one sentence each
 */
export function parseOrganization(raw: unknown): Organization | { readonly problems: readonly FileProblem[] } {
  const parsed = organizationSchema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  return { problems: fileProblems(parsed.error.issues, raw, FIELDS) };
}

/**
 * Users that a name may mean: by exact id, or by user name or e-mail without regard to case. A name with the form of an
 * id only matches an id.
 */
export function findUsers({ users }: Organization, name: string): Organization['users'] {
  const wanted = isIdentityCenterId(name) ? '' : name.toLowerCase();
  return users.filter(
    ({ id, userName, email }) =>
      id === name || (wanted !== '' && [userName, email].some((own) => own.toLowerCase() === wanted)),
  );
}

/** The organization as the directory port, for decisions. */
export function directoryOf(organization: Organization): Directory {
  const { users, groups, accounts, permissionSets } = organization;
  const userById = new Map(users.map((user) => [user.id, user]));
  const accountById = new Map(accounts.map((account) => [account.id, account]));
  return {
    async user(id) {
      const user = userById.get(id);
      return user === undefined ? undefined : { ...user, displayName: user.displayName || user.userName };
    },
    async userIdsByEmail(email) {
      const wanted = email.toLowerCase();
      return users
        .filter((user) => [user.email, user.userName].some((own) => own !== '' && own.toLowerCase() === wanted))
        .map(({ id }) => id);
    },
    async groupIdsOf(userId) {
      return userById.get(userId)?.groups ?? [];
    },
    async group(id) {
      return groups.find((group) => group.id === id);
    },
    async groupIdByName(name) {
      return groups.find((group) => group.name === name)?.id;
    },
    async memberIdsOf(groupId) {
      if (!groups.some(({ id }) => id === groupId)) return undefined;
      return users.filter((user) => user.groups.includes(groupId)).map(({ id }) => id);
    },
    async account(id) {
      const account = accountById.get(id);
      return account === undefined ? undefined : { id, name: account.name || id, active: true };
    },
    async ouPathOf(id) {
      return accountById.get(id)?.ou ?? [];
    },
    async tagsOf(id) {
      return accountById.get(id)?.tags ?? {};
    },
    async permissionSet(arn) {
      const set = permissionSets.find((one) => one.arn === arn);
      return set === undefined ? undefined : { ...set, description: '', sessionSeconds: 3600 };
    },
  };
}
