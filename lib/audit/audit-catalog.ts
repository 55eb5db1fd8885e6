import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { EVENTS_PREFIX } from './audit-archive.ts';
import { auditQueries } from './audit-queries.ts';

/** Columns of the archive, as the lines have them; Glue knows lower case only, and the reader of the lines minds no case. */
const AUDIT_COLUMNS: Readonly<Record<string, string>> = {
  version: 'int',
  id: 'string',
  type: 'string',
  at: 'string',
  by: 'string',
  byname: 'string',
  state: 'string',
  note: 'string',
  requestid: 'string',
  requester: 'struct<principalid:string,slackid:string,username:string,displayname:string>',
  target: 'struct<accountid:string,permissionsetarn:string,groupid:string>',
  names: 'struct<accountname:string,permissionsetname:string,groupname:string>',
  reason: 'string',
  ticket: 'string',
  breakglass: 'boolean',
  origin: 'string',
  startsat: 'string',
  endsat: 'string',
  durationseconds: 'bigint',
  sessionseconds: 'bigint',
  approvers: 'array<string>',
  policy: 'struct<record:string,hash:string,version:string,text:string>',
  path: 'string',
  subjects: 'array<string>',
  hashes: 'array<string>',
  before: 'string',
  after: 'string',
};

/** The first day there can be events of. */
const FIRST_DAY = '2026-01-01';

export interface AuditCatalogProps {
  /** The stack's name in lower case. */
  readonly prefix: string;
  /** Of the Glue database; its one table is `events`. */
  readonly databaseName: string;
  /** Of the archive. */
  readonly bucketName: string;
}

/** The archive as a table for Athena, with the questions auditors ask. No crawler and no partitions to add: days are computed. */
export class AuditCatalog extends Construct {
  constructor(scope: Construct, id: string, { prefix, databaseName, bucketName }: AuditCatalogProps) {
    super(scope, id);
    const catalogId = Stack.of(this).account;
    const location = `s3://${bucketName}/${EVENTS_PREFIX}`;
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: databaseName, description: 'What Glasshammer did, and for whom.' },
    });
    const table = new CfnTable(this, 'Events', {
      catalogId,
      databaseName,
      tableInput: {
        name: 'events',
        description: 'One row an event; docs/audit.md has the schema.',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [{ name: 'day', type: 'string' }],
        parameters: {
          classification: 'json',
          EXTERNAL: 'TRUE',
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': `${FIRST_DAY},NOW`,
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          // Athena's own placeholder, not one of TypeScript's.
          'storage.location.template': `${location}day=\${day}/`,
        },
        storageDescriptor: {
          location,
          columns: Object.entries(AUDIT_COLUMNS).map(([name, type]) => ({ name, type })),
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: {
            serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
            parameters: { 'case.insensitive': 'true', 'ignore.malformed.json': 'false' },
          },
        },
      },
    });
    table.addResourceDependency(database);
    for (const { id: queryId, description, sql } of auditQueries(`"${databaseName}"."events"`)) {
      const query = new CfnNamedQuery(this, `Query-${queryId}`, {
        name: `${prefix}-${queryId}`,
        description,
        database: databaseName,
        queryString: sql,
      });
      query.addResourceDependency(table);
    }
  }
}
