import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Expected, expectedSchema } from '../../core/doctor/expected.ts';
import { configFile } from '../../lib/config/config-file.ts';
import { InvalidConfigError } from '../../lib/config/problems/config-problems.ts';
import type { CheckedConfig } from '../../lib/config/schema/config-schema.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';

/**
 * What the deployment should have: from a configuration, or from a JSON file of just these values, which the sandbox
 * writes.
 *
 * @throws UsageError when there is no such file, or it is neither
 */
export async function readExpected(path: string | undefined, io: Pick<CliIo, 'env' | 'readFile'>): Promise<Expected> {
  const file = path ?? io.env.GLASSHAMMER_CONFIG ?? configFile(process.cwd(), undefined);
  const text = await io.readFile(file).catch(() => {
    throw new UsageError(`there is no configuration ${file}: go to your checkout, or name one with --config FILE`);
  });
  if (file.endsWith('.json')) return fromJson(file, text);
  try {
    const { config } = (await import(pathToFileURL(resolve(file)).href)) as { config?: CheckedConfig };
    if (config === undefined) throw new UsageError(`${file} exports no config`);
    return expectedFrom(config);
  } catch (error) {
    if (error instanceof InvalidConfigError) throw new UsageError(error.message);
    throw error;
  }
}

function fromJson(file: string, text: string): Expected {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is not JSON`);
  }
  const parsed = expectedSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file} does not fit: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`);
}

/** The part of a configuration that the doctor compares with the deployment. */
export function expectedFrom(config: CheckedConfig): Expected {
  const { report, slack, retired } = config;
  const inRules = config.drift.flatMap(({ accounts }) => accounts).filter((account) => /^ou(-direct)?:/.test(account));
  return {
    stackName: config.stackName,
    account: config.env.account,
    region: config.env.region,
    instanceArn: config.instanceArn,
    identityStoreId: config.identityStoreId,
    organization: { ...config.organization },
    includeOwnAccount: config.includeOwnAccount ?? false,
    accounts: config.accounts === '*' ? '*' : [...config.accounts],
    permissionSets: config.permissionSets.map((set) => ({ ...set })),
    groups: config.groups.map((group) => ({ ...group })),
    retired: {
      accounts: [...retired.accounts],
      permissionSets: retired.permissionSets.map((set) => ({ ...set })),
      groups: retired.groups.map((group) => ({ ...group })),
    },
    units: [...new Set([...report.deployToOus, ...inRules.map((rule) => rule.slice(rule.indexOf(':') + 1))])],
    kmsKeyArn: config.kmsKeyArn,
    ...(slack === undefined
      ? {}
      : {
          slack: {
            teamIds: [...slack.teamIds],
            approvalChannel: slack.approvalChannel,
            operatorChannel: slack.operatorChannel ?? slack.approvalChannel,
          },
        }),
    report: {
      from: report.from,
      to: [...report.to],
      regions: [...report.regions],
      roleName: report.roleName,
      byStackSet: report.deployToOus.length > 0,
      sesRegion: report.sesRegion,
      configurationSet: report.configurationSet,
    },
    alarmEmails: [...config.alarms.emails],
  };
}
