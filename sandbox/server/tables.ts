import type { TableSpec } from '../aws/tables/dynamodb.ts';
import { ACCESS_TABLE, REQUEST_TABLE } from './environment.ts';

/** The two tables with the keys, indexes and streams that the stack gives them. */
export function tableSpecs(accessItems: TableSpec['items']): TableSpec[] {
  const id = { AttributeName: 'id', AttributeType: 'S' as const };
  return [
    {
      TableName: ACCESS_TABLE,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [id],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      ...(accessItems === undefined ? {} : { items: accessItems }),
    },
    {
      TableName: REQUEST_TABLE,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [
        id,
        { AttributeName: 'state', AttributeType: 'S' },
        { AttributeName: 'endsAt', AttributeType: 'S' },
        { AttributeName: 'askedIn', AttributeType: 'S' },
        { AttributeName: 'requestedAt', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-state',
          KeySchema: [
            { AttributeName: 'state', KeyType: 'HASH' },
            { AttributeName: 'endsAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: 'by-month',
          KeySchema: [
            { AttributeName: 'askedIn', KeyType: 'HASH' },
            { AttributeName: 'requestedAt', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['state', 'breakGlass', 'review', 'find'],
          },
        },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    },
  ];
}
