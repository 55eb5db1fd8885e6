import { SESv2Client } from '@aws-sdk/client-sesv2';
import fc from 'fast-check';
import { createMailer, encodeSubject } from '../../gateways/ses.ts';

/** Reads a subject as a mail program does (RFC 2047). */
function decoded(subject: string): string {
  return subject
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_word, base64: string) => Buffer.from(base64, 'base64').toString());
}

describe('the subject', () => {
  test('plain ASCII stays as it is', () => {
    expect(encodeSubject('[Glasshammer] Ana in Production: 3 writes')).toBe(
      '[Glasshammer] Ana in Production: 3 writes',
    );
  });

  test('text in any script is decoded as it was, and encoded in words of at most 75 ASCII characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 180 }), (subject) => {
        const encoded = encodeSubject(subject);
        fc.pre(!/[\r\n]/.test(subject) && !subject.includes('=?'));
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decoded(encoded)).toBe(subject);
        if (encoded !== subject) for (const word of encoded.split(' ')) expect(word.length).toBeLessThanOrEqual(75);
      }),
    );
  });

  test('a line break cannot begin another header', () => {
    expect(encodeSubject('a\r\nBcc: evil@example.com')).toBe('a Bcc: evil@example.com');
  });
});

function recordingClient() {
  const bodies: Record<string, unknown>[] = [];
  const requestHandler = {
    handle(request: { body: Uint8Array }) {
      bodies.push(JSON.parse(new TextDecoder().decode(request.body)));
      return Promise.resolve({ response: { statusCode: 200, headers: {}, body: Buffer.from('{"MessageId":"1"}') } });
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const client = new SESv2Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    requestHandler,
  });
  return { client, bodies };
}

test("more recipients than SES takes at once get it in several mails, also with another account's identity", async () => {
  const { client, bodies } = recordingClient();
  const to = Array.from({ length: 101 }, (_, index) => `person${index}@example.com`);
  const identityArn = 'arn:aws:ses:eu-west-1:999999999999:identity/example.com';
  const mailer = createMailer({ client, from: 'gh@example.com', to, configurationSet: 'feedback', identityArn });
  await mailer.send({ subject: 's', html: 'h', text: 't' });
  const recipients = bodies.map(({ Destination }) => (Destination as { ToAddresses: string[] }).ToAddresses);
  expect(recipients.map(({ length }) => length)).toEqual([50, 50, 1]);
  expect(recipients.flat()).toEqual(to);
  for (const body of bodies)
    expect(body).toMatchObject({ ConfigurationSetName: 'feedback', FromEmailAddressIdentityArn: identityArn });
});

test('a person who reads a report besides its usual readers gets a mail of their own that shows nobody else', async () => {
  const { client, bodies } = recordingClient();
  const mailer = createMailer({ client, from: 'gh@example.com', to: ['all@example.com', 'all@example.com'] });
  await mailer.send({ subject: 's', html: 'h', text: 't' });
  expect(await mailer.sendTo('dan@example.com', { subject: 's', html: 'h', text: 't' })).toBe(
    '<1@eu-west-1.amazonses.com>',
  );
  expect(bodies).toMatchObject([
    { Destination: { ToAddresses: ['all@example.com'] } },
    { Destination: { ToAddresses: ['dan@example.com'] } },
  ]);
});

test('a report goes to every configured address, as HTML and as text', async () => {
  const { client, bodies } = recordingClient();
  const mailer = createMailer({ client, from: 'glasshammer@example.com', to: ['one@example.com', 'two@example.com'] });
  await mailer.send({ subject: 'Zoë', html: '<b>ö</b>', text: 'ö' });
  expect(bodies).toEqual([
    {
      FromEmailAddress: 'glasshammer@example.com',
      Destination: { ToAddresses: ['one@example.com', 'two@example.com'] },
      Content: {
        Simple: {
          Subject: { Data: '=?UTF-8?B?Wm/Dqw==?=', Charset: 'UTF-8' },
          Body: { Html: { Data: '<b>ö</b>', Charset: 'UTF-8' }, Text: { Data: 'ö', Charset: 'UTF-8' } },
        },
      },
    },
  ]);
});

test('editions of one report are one thread in mail programs, for each batch of recipients', async () => {
  const { client, bodies } = recordingClient();
  const to = Array.from({ length: 51 }, (_, index) => `person${index}@example.com`);
  const mailer = createMailer({ client, from: 'Glasshammer <gh@example.com>', to });
  const first = await mailer.send({ subject: 's', html: 'h', text: 't', thread: { id: 'request-1' } });
  // SES replaces a Message-ID that it is given, so later mails refer to the ID that SES assigned.
  expect(first).toEqual(['<1@eu-west-1.amazonses.com>', '<1@eu-west-1.amazonses.com>']);
  await mailer.send({ subject: 's', html: 'h', text: 't', thread: { id: 'request-1', after: ['<a@x>', '<b@x>'] } });
  const headers = bodies.map(
    ({ Content }) => (Content as { Simple: { Headers: { Name: string; Value: string }[] } }).Simple.Headers,
  );
  const root = '<glasshammer.request-1@example.com>';
  const of = (references: string, reply: string) => [
    { Name: 'References', Value: references },
    { Name: 'In-Reply-To', Value: reply },
  ];
  expect(headers).toEqual([of(root, root), of(root, root), of(`${root} <a@x>`, '<a@x>'), of(`${root} <b@x>`, '<b@x>')]);
});
