import type { CliIo } from '../terminal/io.ts';

/**
 * Who the audit says has changed something: whoever AWS says the credentials belong to. What a shell claims is no proof.
 *
 * @returns `cli:` and the ARN of the caller. Rejects when STS does not answer
 */
export async function operatorName({ callerArn }: Pick<CliIo, 'callerArn'>): Promise<string> {
  return `cli:${await callerArn()}`;
}

/** The same for what takes access away, which must not fail because STS does not answer: then `cli:unidentified`. */
export function operatorNameInEmergency(io: Pick<CliIo, 'callerArn'>): Promise<string> {
  return operatorName(io).catch(() => 'cli:unidentified');
}
