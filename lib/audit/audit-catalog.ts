import { Stack } from 'aws-cdk-lib';
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { EVENTS_PREFIX } from './audit-archive.ts';
import { auditQueries } from './audit-queries.ts';

/**
 * Columns of the archive's JSON lines. Glue accepts only lower-case names, and the SerDe matches them without regard to
 * case.
 */
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

/** The first day for which there can be events. */
const FIRST_DAY = '2026-01-01';

export interface AuditCatalogProps {
  /** The stack's name in lower case. */
  readonly prefix: string;
  /** Name of the Glue database; its only table is `events`. */
  readonly databaseName: string;
  /** Name of the archive's bucket. */
  readonly bucketName: string;
}

/**
 * The archive as an Athena table, with auditors' saved queries. The partition of each day is computed (partition
 * projection), so there is no crawler and no partition to add.
 */
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
          // Athena's placeholder `${day}`, not one of TypeScript's.
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
