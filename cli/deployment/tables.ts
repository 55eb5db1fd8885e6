import { type CliIo, type TableNames, UsageError } from '../terminal/io.ts';

export interface TableOptions {
  readonly accessTable?: string;
  readonly requestTable?: string;
}

/** The tables to work on, from the options or from the variables that the functions use. */
export function tableNames(options: TableOptions, { env }: Pick<CliIo, 'env'>): TableNames {
  const accessTable = options.accessTable ?? env.ACCESS_TABLE;
  const requestTable = options.requestTable ?? env.REQUEST_TABLE;
  if (!accessTable)
    throw new UsageError('name the access table: --access-table NAME, or ACCESS_TABLE in the environment');
  if (!requestTable)
    throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  return { accessTable, requestTable };
}

/** Who the audit says has changed something: whoever AWS says the credentials belong to. What a shell claims is no proof. */
export async function operatorName({ callerArn }: Pick<CliIo, 'callerArn'>): Promise<string> {
  return `cli:${await callerArn()}`;
}

/** The same for what takes access away: that must not wait for STS to answer. */
export function operatorNameInEmergency(io: Pick<CliIo, 'callerArn'>): Promise<string> {
  return operatorName(io).catch(() => 'cli:unidentified');
}
