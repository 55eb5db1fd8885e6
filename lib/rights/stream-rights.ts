import type { Right } from './rights.ts';

/**
 * What Lambda needs of a function's role to read the stream of a table for it.
 *
 * @param streamsName how the checks name the streams of the table
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
