/** Settings of an Identity Center profile that say where to sign in, as opposed to the account and role. */
const SIGN_IN = ['sso_session', 'sso_start_url', 'sso_region', 'region'];

export interface Role {
  readonly accountId: string;
  readonly accountName: string;
  readonly permissionSet: string;
}

/** A profile for one account and permission set, as `aws configure sso` would write it. */
export interface Profile {
  readonly name: string;
  /** Without the heading. */
  readonly lines: readonly string[];
  readonly text: string;
}

/**
 * A profile with which the AWS CLI and the SDKs use a role, with the sign-in settings of the current profile.
 *
 * @param config text of the AWS configuration file
 * @param current name of the current profile; `undefined` is the default one
 * @returns `known: false` where the current profile does not sign in through Identity Center; the person must then fill
 * in the sign-in settings
 */
export function profileFor(
  config: string,
  current: string | undefined,
  { accountId, accountName, permissionSet }: Role,
): Profile & { readonly known: boolean } {
  const signIn = section(
    config,
    current === undefined || current === 'default' ? 'default' : `profile ${current}`,
  ).filter((line) => SIGN_IN.includes(line.split('=')[0]?.trim() ?? ''));
  const known = signIn.some((line) => line.startsWith('sso_'));
  const name = `${accountName || accountId}-${permissionSet}`.replace(/[^\w+.@-]+/g, '-');
  const lines = [
    ...(known ? signIn : ['sso_session = <the name of your sso-session>']),
    `sso_account_id = ${accountId}`,
    `sso_role_name = ${permissionSet}`,
  ];
  return { name, lines, text: `${[`[profile ${name}]`, ...lines].join('\n')}\n`, known };
}

/** The values of one section of an AWS configuration file, by name; empty where there is no such section. */
export function configSection(config: string, name: string): Readonly<Record<string, string>> {
  // As the SDK reads it: a comment begins with `#` or `;` at the start of a line or after white space.
  const lines = section(config, name)
    .map((line) => (/^(.*?)(?:(?:^|\s)[#;].*)?$/.exec(line)?.[1] ?? '').trim())
    .filter((line) => line.includes('='));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
}

function section(config: string, name: string): string[] {
  const lines = config.split(/\r?\n/).map((line) => line.trim());
  const from = lines.findIndex((line) => /^\[\s*(.+?)\s*\]$/.exec(line)?.[1]?.replace(/\s+/g, ' ') === name);
  if (from < 0) return [];
  const rest = lines.slice(from + 1);
  const to = rest.findIndex((line) => line.startsWith('['));
  return to < 0 ? rest : rest.slice(0, to);
}
