import { ACCESS_TABLE, REQUEST_TABLE } from '../../sandbox/server/environment.ts';
import { tableSpecs } from '../../sandbox/server/tables.ts';
import { only, synthesize } from './synthesized.ts';

/** What makes a difference to the functions; the order of the definitions makes none. */
function compared(table: Record<string, unknown>) {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = table;
  const { StreamSpecification, TimeToLiveSpecification, PointInTimeRecoverySpecification } = table;
  const name = ({ AttributeName }: { AttributeName: string }) => AttributeName;
  return {
    KeySchema,
    AttributeDefinitions: (AttributeDefinitions as { AttributeName: string }[]).toSorted((a, b) =>
      name(a).localeCompare(name(b)),
    ),
    GlobalSecondaryIndexes,
    LocalSecondaryIndexes,
    StreamSpecification,
    TimeToLiveSpecification,
    PointInTimeRecoverySpecification,
  };
}

test.each([
  [ACCESS_TABLE, 'TablesAccess'],
  [REQUEST_TABLE, 'TablesRequests'],
])('the sandbox’s table %s has the keys, indexes, stream and expiry of the stack’s', (tableName, logicalId) => {
  const spec = tableSpecs([]).find(({ TableName }) => TableName === tableName);
  const deployed = only(synthesize(), 'AWS::DynamoDB::Table', logicalId).Properties;
  expect(compared({ ...spec })).toEqual(compared(deployed));
});
