import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { createListArchive } from '../../../gateways/s3/list-archive.ts';
import { type Harness, startHarness } from '../../sandbox/aws/harness.ts';

const BUCKET = 'glasshammer-archive';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

function keep(content: string, change: { readonly requestId?: string; readonly partition?: string } = {}) {
  const { partition = 'aws', requestId = 'request-1' } = change;
  const archive = createListArchive({ client: new S3Client(harness.inProcess()), bucket: BUCKET, partition });
  const sha256 = createHash('sha256').update(content).digest('hex');
  return archive.keep({ requestId, edition: 'addendum-2', format: 'csv', content, sha256 });
}

const objects = () => ({ ...harness.world.buckets[BUCKET] });

test('a list is stored under its own hash, with an address in the AWS console that shows nothing by itself', async () => {
  const kept = await keep('a,é\r\n');
  expect(kept.key).toBe(`reports/request-1/addendum-2/${kept.sha256}.csv`);
  expect(objects()[kept.key]).toMatchObject({ body: Buffer.from('a,é\r\n'), contentType: 'text/csv' });
  expect(kept.address).toBe(
    `https://${harness.world.region}.console.aws.amazon.com/s3/object/glasshammer-archive?prefix=${kept.key}`,
  );
  expect((await keep('b', { partition: 'aws-us-gov' })).address).toContain('.console.amazonaws-us-gov.com/');
});

test('a stored list stays: storing it again makes no second version, and another list has another key', async () => {
  const one = await keep('one');
  expect(await keep('one')).toEqual(one);
  await keep('two');
  expect(Object.values(objects()).map(({ body, older }) => [body.toString(), older ?? 0])).toEqual([
    ['one', 0],
    ['two', 0],
  ]);
});

test('no request id leads out of the folder of its lists', async () => {
  const { key } = await keep('x', { requestId: '../events/day=1/é' });
  expect(key).toMatch(/^reports\/[A-Za-z0-9=-]+\/addendum-2\/\w{64}\.csv$/);
});
