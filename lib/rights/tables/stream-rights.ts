import type { Right } from '../rights.ts';

/**
 * The rights with which Lambda reads a table's stream for a function; it uses the function's role.
 *
 * @param streamsName the table's streams as cdk-nag names them
 */
export function readStream(table: string, stream: string, streamsName: string): Right[] {
  return [
    { actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], resources: [stream] },
    {
      actions: ['dynamodb:ListStreams'],
      resources: [`${table}/stream/*`],
      wildcard: 'Lists the streams of this one table; AWS asks for it before it reads the stream.',
      wildcardName: streamsName,
    },
  ];
}
