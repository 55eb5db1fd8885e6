import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { IdentityCenterRights } from './identity-center-rights.ts';
import type { Right } from './rights.ts';

/** The settings that decide about the right to send mail. */
type MailConfig = Pick<CheckedConfig, 'env' | 'instanceArn'> & {
  readonly report: Pick<CheckedConfig['report'], 'from' | 'to' | 'sesRegion' | 'configurationSet' | 'identityArn'>;
};

/** The domain of an address and its parent domains: a verified domain may send for every subdomain. */
function domainsOf(address: string): string[] {
  const labels = (address.split('@')[1] ?? address).split('.');
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, from) => labels.slice(from).join('.'));
}

/**
 * SES authorizes the sender's identity, which is the address or a domain, depending on which was verified. In the SES
 * sandbox it also authorizes the verified recipients.
 */
export function sendMail(config: MailConfig): Right {
  const partition = config.instanceArn.split(':')[1] ?? 'aws';
  const { from, to, sesRegion, configurationSet, identityArn } = config.report;
  const identities = new Set([from, ...domainsOf(from), ...to]);
  const place = `arn:${partition}:ses:${sesRegion ?? config.env.region}:${config.env.account}`;
  return {
    actions: ['ses:SendEmail'],
    resources: [
      ...[...identities].map((identity) => `${place}:identity/${identity}`),
      ...(identityArn === undefined ? [] : [identityArn]),
      ...(configurationSet === undefined ? [] : [`${place}:configuration-set/${configurationSet}`]),
    ],
    conditions: { StringEquals: { 'ses:FromAddress': from } },
  };
}

/** Find the operators and send them mail; nothing where the configuration names none. */
export function mailOperators(
  config: MailConfig & Pick<CheckedConfig, 'personas'>,
  { readDirectory }: Pick<IdentityCenterRights, 'readDirectory'>,
): readonly Right[] {
  return config.personas.operators.length === 0 ? [] : [...readDirectory, sendMail(config)];
}
