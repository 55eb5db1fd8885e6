import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  MessageRejected,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { errorName, type Harness, startHarness } from './harness.ts';

let harness: Harness;
const clients: { destroy(): void }[] = [];
const made = <T extends { destroy(): void }>(client: T): T => {
  clients.push(client);
  return client;
};
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await harness.close();
});

describe('the emulated SES', () => {
  const simple = (change: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
    FromEmailAddress: 'Glasshammer <access@example.com>',
    Destination: { ToAddresses: ['team@example.com'] },
    Content: {
      Simple: {
        Subject: { Data: 'Report – Ana' },
        Body: { Text: { Data: 'nothing' }, Html: { Data: '<p>nothing</p>' } },
      },
    },
    ...change,
  });
  const send = (input: SendEmailCommandInput) =>
    made(new SESv2Client(harness.overHttp())).send(new SendEmailCommand(input));

  test('a report arrives with its text, its HTML and its attachments', async () => {
    const input = simple();
    const attachment = { FileName: 'events.json', ContentType: 'application/json', RawContent: Buffer.from('[]') };
    if (input.Content?.Simple) input.Content.Simple.Attachments = [attachment];
    const { MessageId } = await send(input);
    expect(harness.world.emails).toMatchObject([
      {
        messageId: MessageId,
        from: 'Glasshammer <access@example.com>',
        to: ['team@example.com'],
        subject: 'Report – Ana',
        text: 'nothing',
        html: '<p>nothing</p>',
        attachments: [{ fileName: 'events.json', size: 2 }],
        at: '2026-01-05T09:00:00.000Z',
      },
    ]);
  });

  test('a raw message is parsed as a mail program would parse it', async () => {
    const lines = [
      'From: access@example.com',
      'To: team@example.com, boss@example.com',
      `Subject: =?UTF-8?B?${Buffer.from('Report – Ana').toString('base64')}?=`,
      'Content-Type: multipart/alternative; boundary="cut"',
      '',
      '--cut',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'nothing =E2=80=93 at =',
      'all',
      '--cut',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>nothing – at all</p>').toString('base64'),
      '--cut--',
    ];
    await send({ Content: { Raw: { Data: Buffer.from(lines.join('\r\n')) } } });
    const [mail] = harness.world.emails;
    expect(mail).toMatchObject({
      subject: 'Report – Ana',
      to: ['team@example.com', 'boss@example.com'],
      html: '<p>nothing – at all</p>',
    });
    expect(mail?.text.trim()).toBe('nothing – at all');
  });

  test('an unverified sender is rejected, and an unverified recipient too while the account is in the SES sandbox', async () => {
    await expect(send(simple({ FromEmailAddress: 'access@elsewhere.com' }))).rejects.toThrow(MessageRejected);
    const outside = simple({ Destination: { ToAddresses: ['boss@elsewhere.com'] } });
    expect(await errorName(send(outside))).toBe('none');
    harness.world.ses.productionAccess = false;
    expect(await errorName(send(outside))).toBe('MessageRejected');
    harness.world.ses.sendingEnabled = false;
    expect(await errorName(send(simple()))).toBe('SendingPausedException');
  });

  test('too many recipients, too much text, an injected header and a missing body are refused', async () => {
    const many = Array.from({ length: 51 }, (_, index) => `reader-${index}@example.com`);
    expect(await errorName(send(simple({ Destination: { ToAddresses: many } })))).toBe('BadRequestException');
    expect(await errorName(send(simple({ Destination: {} })))).toBe('BadRequestException');
    const smuggled = simple({ Destination: { ToAddresses: ['a@example.com\r\nBcc: evil@elsewhere.com'] } });
    expect(await errorName(send(smuggled))).toBe('BadRequestException');
    const content = (subject: string, Body: object) =>
      simple({ Content: { Simple: { Subject: { Data: subject }, Body } } });
    expect(await errorName(send(content('two\nlines', { Text: { Data: 'x' } })))).toBe('BadRequestException');
    expect(await errorName(send(content('none', {})))).toBe('BadRequestException');
    expect(await errorName(send(content('big', { Text: { Data: 'x'.repeat(40 * 1024 * 1024 + 1) } })))).toBe(
      'MessageRejected',
    );
    expect(await errorName(send({ Content: undefined }))).toBe('ValidationException');
    expect(harness.world.emails).toEqual([]);
  });

  test('the SES account and its identities can be read', async () => {
    const ses = made(new SESv2Client(harness.overHttp()));
    expect(await ses.send(new GetAccountCommand({}))).toMatchObject({
      ProductionAccessEnabled: true,
      SendingEnabled: true,
    });
    const identity = await ses.send(new GetEmailIdentityCommand({ EmailIdentity: 'example.com' }));
    expect(identity).toMatchObject({ IdentityType: 'DOMAIN', VerifiedForSendingStatus: true });
    const unknown = ses.send(new GetEmailIdentityCommand({ EmailIdentity: 'elsewhere.com' }));
    expect(await errorName(unknown)).toBe('NotFoundException');
  });

  test('a planned fault has the HTTP status of the real error', async () => {
    harness.faults.add({ operation: 'sesv2:SendEmail', error: 'TooManyRequestsException' });
    await expect(send(simple())).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
  });
});

describe('the emulated Secrets Manager', () => {
  test('a secret is read by name and by ARN, an unknown one is refused', async () => {
    const secrets = made(new SecretsManagerClient(harness.overHttp()));
    const byName = await secrets.send(new GetSecretValueCommand({ SecretId: 'glasshammer/slack' }));
    expect(JSON.parse(byName.SecretString ?? '')).toMatchObject({ signingSecret: 'sandbox-signing-secret' });
    const byArn = await secrets.send(new GetSecretValueCommand({ SecretId: byName.ARN }));
    expect(byArn.Name).toBe('glasshammer/slack');
    expect(await errorName(secrets.send(new GetSecretValueCommand({ SecretId: 'other' })))).toBe(
      'ResourceNotFoundException',
    );
  });
});

describe('the emulated EventBridge', () => {
  test('valid entries are delivered, and each invalid entry fails on its own and is counted', async () => {
    const bus = made(new EventBridgeClient(harness.overHttp()));
    const good = {
      Source: 'glasshammer',
      DetailType: 'Access granted',
      Detail: '{"requestId":"r1"}',
      EventBusName: 'glasshammer',
    };
    const answer = await bus.send(
      new PutEventsCommand({
        Entries: [
          good,
          { ...good, Detail: 'no json' },
          { ...good, Source: 'aws.sso' },
          { ...good, EventBusName: 'typo' },
          { ...good, DetailType: undefined },
        ],
      }),
    );
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
      'InvalidArgument',
    ]);
    expect(harness.heard.events).toMatchObject([
      {
        bus: 'glasshammer',
        'detail-type': 'Access granted',
        detail: { requestId: 'r1' },
        time: '2026-01-05T09:00:00Z',
        account: '456789012345',
      },
    ]);
    const eleven = Array.from({ length: 11 }, () => good);
    expect(await errorName(bus.send(new PutEventsCommand({ Entries: eleven })))).toBe('ValidationException');
  });

  test('a text that is too long fails its entry only, and entries that are too large together fail the call', async () => {
    const bus = made(new EventBridgeClient(harness.overHttp()));
    const entry = { EventBusName: 'glasshammer', Source: 's', DetailType: 't', Detail: '{}' };
    const codes = async (...changes: object[]) =>
      (
        await bus.send(new PutEventsCommand({ Entries: changes.map((change) => ({ ...entry, ...change })) }))
      ).Entries?.map(({ ErrorCode }) => ErrorCode);
    expect(
      await codes(
        { DetailType: 'x'.repeat(128), Source: 'x'.repeat(256) },
        { DetailType: 'x'.repeat(129) },
        { Source: 'x'.repeat(257) },
      ),
    ).toEqual([undefined, 'InvalidArgument', 'InvalidArgument']);
    // The size of an entry is that of its detail, source and type, and 14 bytes for a time; the limit is 256 KB.
    const large = (bytes: number) => ({ Time: new Date(0), Detail: JSON.stringify({ '': 'é'.repeat(bytes / 2) }) });
    const room = 256 * 1024 - (14 + 1 + 1 + '{"":""}'.length);
    expect(await codes(large(room - 1 - ((room - 1) % 2)))).toEqual([undefined]);
    expect(await errorName(codes(large(room + (room % 2))))).toBe('ValidationException');
    expect(await errorName(codes(large(130_000), large(140_000)))).toBe('ValidationException');
  });
});

describe('the emulated S3', () => {
  const Bucket = 'glasshammer-archive';

  test('a key has at most 1,024 bytes in UTF-8', async () => {
    const s3 = made(new S3Client(harness.overHttp()));
    const put = (Key: string) => errorName(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })));
    expect(await put('é'.repeat(512))).toBe('none');
    expect(await put(`${'é'.repeat(512)}x`)).toBe('KeyTooLongError');
    expect(Object.keys(harness.world.buckets[Bucket] ?? {})).toEqual(['é'.repeat(512)]);
  });

  test('an object is returned as it was put, with its object lock', async () => {
    const s3 = made(new S3Client(harness.overHttp()));
    const Key = 'events/year=2026/a b+c.jsonl';
    const retain = new Date('2027-01-05T00:00:00Z');
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: '{"id":1}\n',
        ContentType: 'application/x-ndjson',
        Metadata: { request: 'r1' },
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: retain,
      }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('{"id":1}\n');
    expect(got).toMatchObject({
      ContentType: 'application/x-ndjson',
      Metadata: { request: 'r1' },
      ObjectLockMode: 'COMPLIANCE',
    });
    expect(got).toMatchObject({ ContentLength: 9, ObjectLockRetainUntilDate: retain });
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'events/' }));
    expect(Versions).toMatchObject([{ Key, IsLatest: true, LastModified: new Date('2026-01-05T09:00:00Z') }]);
  });

  test('a put with If-None-Match does not overwrite an object', async () => {
    const s3 = made(new S3Client(harness.overHttp()));
    const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' }));
    await put('first');
    await expect(put('second')).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(harness.world.buckets).toMatchObject({ [Bucket]: { once: { body: Buffer.from('first') } } });
  });

  test('a missing object and a missing bucket give different errors', async () => {
    const s3 = made(new S3Client(harness.overHttp()));
    expect(await errorName(s3.send(new GetObjectCommand({ Bucket, Key: 'gone' })))).toBe('NoSuchKey');
    expect(await errorName(s3.send(new PutObjectCommand({ Bucket: 'typo', Key: 'x', Body: 'x' })))).toBe(
      'NoSuchBucket',
    );
  });
});
