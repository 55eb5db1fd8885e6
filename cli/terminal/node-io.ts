import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CliIo } from './io.ts';
import { replaceFile } from './replace-file.ts';
import { sha256 } from './sha256.ts';

/**
 * The real terminal, files and AWS (as the SDK's environment says). The AWS SDK is loaded only by commands that need
 * it.
 */
export function nodeIo(): Omit<CliIo, 'exitWith'> {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    about: (text) => (process.stdout.isTTY ? process.stdout : process.stderr).write(text),
    // Progress overwrites one line, which only a terminal can do; a pipe or log would keep every text.
    ...(process.stderr.isTTY ? { progress: (text) => process.stderr.write(`\r\u001b[K${text}`) } : {}),
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: (path, text) => replaceFile(path, text),
    now: () => new Date(),
    newId: randomUUID,
    env: process.env,
    accessTable: async ({ accessTable, requestTable }) => {
      const [{ DynamoDBClient }, { documentClientOver }, { createAccessTableWriter }] = await Promise.all([
        import('@aws-sdk/client-dynamodb'),
        import('../../gateways/dynamodb/document-client.ts'),
        import('../../gateways/dynamodb/policies/access-table-writer.ts'),
      ]);
      const client = documentClientOver(new DynamoDBClient({}));
      return createAccessTableWriter({ client, accessTable, requestTable, newId: randomUUID, sha256 });
    },
    liveStores: async (tables, now) => {
      const { liveStores } = await import('../deployment/live-stores.ts');
      return liveStores(tables, now);
    },
    stack: async (name) => {
      const { readStack } = await import('../../gateways/stack-outputs.ts');
      return readStack(name);
    },
    callerArn: async () => {
      const { callerArn } = await import('../../gateways/sts/caller.ts');
      return callerArn();
    },
    organization: async () => {
      const { readOrganization } = await import('../../gateways/identity-center/organization.ts');
      return readOrganization();
    },
  };
}
