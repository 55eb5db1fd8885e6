import { ActivityUnreadableError } from '../../../core/model/errors.ts';
import { createAthenaSource } from '../../../gateways/cloudtrail/athena-source.ts';

/** An Athena whose first query fails for a reason and whose second returns nothing. */
function failingOnce(why: string) {
  let queries = 0;
  const answers: Readonly<Record<string, () => object>> = {
    StartQueryExecution: () => {
      queries += 1;
      return { QueryExecutionId: `q${queries}` };
    },
    GetQueryExecution: () => ({
      QueryExecution: {
        Status: queries === 1 ? { State: 'FAILED', StateChangeReason: why } : { State: 'SUCCEEDED' },
      },
    }),
    GetQueryResults: () => ({ ResultSet: { Rows: [] } }),
  };
  const requestHandler = {
    async handle({ headers }: { readonly headers: Readonly<Record<string, string>> }) {
      const answer = answers[headers['x-amz-target']?.split('.')[1] ?? '']?.() ?? {};
      return { response: { statusCode: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) } };
    },
    updateHttpClientConfig(): void {},
    httpHandlerConfigs: () => ({}),
  };
  const source = createAthenaSource({
    trail: { region: 'eu-west-1', database: 'd', table: 't', workgroup: 'w' },
    client: { credentials: { accessKeyId: 'a', secretAccessKey: 's' }, requestHandler },
    regions: { enabledRegions: () => Promise.resolve([]) },
    pause: () => Promise.resolve(),
  });
  const page = () =>
    source.page({
      requestId: 'r',
      accountId: '123456789012',
      region: 'eu-west-1',
      by: { userName: 'ana' },
      from: '2026-01-05T09:00:00Z',
      until: '2026-01-05T10:00:00Z',
    });
  return page;
}

describe('a query of the trail that fails', () => {
  test.each([
    'HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://trail/x.json.gz: Slow Down (Service: Amazon S3; Status Code: 503)',
    'HIVE_CURSOR_ERROR: Please reduce your request rate. (Service: Amazon S3; Status Code: 503; Error Code: SlowDown)',
    'HIVE_FILESYSTEM_ERROR: Connection reset',
    'Query exhausted resources at this scale factor',
  ])('is retried if the reason passes, so that no report goes without its calls: %s', async (why) => {
    const page = failingOnce(why);
    // As for any failed call, the workflow retries it.
    await expect(page()).rejects.toMatchObject({ name: 'QueryFailedError' });
    expect((await page()).records).toEqual([]);
  });

  test.each([
    'HIVE_BAD_DATA: Error parsing field value',
    'HIVE_METASTORE_ERROR: Required Table Storage Descriptor is not populated',
    'HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch',
    'HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://trail/x.json.gz: Access Denied (Service: Amazon S3; Status Code: 403)',
    'TABLE_NOT_FOUND: line 1:15: Table d.t does not exist',
  ])('is reported as unreadable if it would fail again: %s', async (why) => {
    await expect(failingOnce(why)()).rejects.toThrow(ActivityUnreadableError);
  });
});
