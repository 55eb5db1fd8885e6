import { type Attachment, type MessageHeader, type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { MailRefusedError } from '../core/access/notify/mail-people.ts';
import type { Mail, MailAttachment, MailPort, MailThread } from '../core/activity/ports.ts';

/** The most recipients that SES takes in one message. */
const MOST_RECIPIENTS = 50;

/**
 * Mail through SES, as HTML and as text. SES builds the message, so that no text a person typed gets into a mail header
 * unencoded.
 */
export function createMailer(options: {
  readonly client: SESv2Client;
  /** A sender SES has verified. */
  readonly from: string;
  readonly to: readonly string[];
  readonly configurationSet?: string | undefined;
  /** ARN of the sender's identity, if another account has it. */
  readonly identityArn?: string | undefined;
}): MailPort {
  const { configurationSet, identityArn } = options;
  return {
    to: options.to,
    send: (mail) => sendAll([...new Set(options.to)], mail),
    async sendTo(address, mail) {
      const [id = ''] = await sendAll([address], mail);
      return id;
    },
  };

  async function sendAll(to: readonly string[], { subject, html, text, attachments = [], thread }: Mail) {
    const ids: string[] = [];
    // One after the other: if one fails and all are sent again, few people get the mail twice.
    for (let from = 0; from < to.length; from += MOST_RECIPIENTS) {
      const headers = threadHeaders(thread, ids.length, options.from);
      const { MessageId = '' } = await options.client.send(
        new SendEmailCommand({
          FromEmailAddress: options.from,
          FromEmailAddressIdentityArn: identityArn,
          ConfigurationSetName: configurationSet,
          Destination: { ToAddresses: to.slice(from, from + MOST_RECIPIENTS) },
          Content: {
            Simple: {
              Subject: { Data: encodeSubject(subject), Charset: 'UTF-8' },
              Body: { Html: { Data: html, Charset: 'UTF-8' }, Text: { Data: text, Charset: 'UTF-8' } },
              ...(headers.length === 0 ? {} : { Headers: headers }),
              ...(attachments.length === 0 ? {} : { Attachments: attachments.map(toAttachment) }),
            },
          },
        }),
      );
      ids.push(messageIdOf(MessageId, await options.client.config.region()));
    }
    return ids;
  }
}

/** SES's errors for an address that it will never take. */
const REFUSED = ['MessageRejected', 'BadRequestException'];

/** Mail to one person at a time. @throws MailRefusedError if SES does not take the address */
export function createPersonMailer(
  options: Omit<Parameters<typeof createMailer>[0], 'to'>,
): (to: string, mail: Mail) => Promise<void> {
  const mailer = createMailer({ ...options, to: [] });
  return async (to, mail) => {
    try {
      await mailer.sendTo(to, mail);
    } catch (error) {
      if (error instanceof Error && REFUSED.includes(error.name)) throw new MailRefusedError(error.name);
      throw error;
    }
  };
}

/**
 * The `Message-ID` that SES gives a mail. SES replaces one that the caller sends along, so it is known only after
 * sending.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
 */
function messageIdOf(id: string, region: string): string {
  return `<${id}@${region === 'us-east-1' ? 'email' : region}.amazonses.com>`;
}

/**
 * The headers by which mail programs build a thread. Every mail of a request refers to one id, which no mail needs to
 * have, and a later mail also refers to the mail before it.
 */
function threadHeaders(thread: MailThread | undefined, message: number, from: string): MessageHeader[] {
  if (thread === undefined) return [];
  const root = `<glasshammer.${thread.id.replace(/[^\w.-]/g, '-').slice(0, 100)}@${from
    .split('@')
    .at(-1)
    ?.replace(/[^\w.-]/g, '')}>`;
  const before = thread.after?.[message];
  return [
    { Name: 'References', Value: before === undefined ? root : `${root} ${before}` },
    { Name: 'In-Reply-To', Value: before ?? root },
  ];
}

function toAttachment({ fileName, contentType, content }: MailAttachment): Attachment {
  return {
    FileName: fileName,
    ContentType: contentType,
    ContentDisposition: 'ATTACHMENT',
    RawContent: Buffer.from(content, 'utf8'),
  };
}

/** RFC 2047: an encoded word has at most 75 characters, of which base64 gets 63; 45 bytes become 60. */
const BYTES_PER_WORD = 45;

/**
 * A subject in 7-bit ASCII, as SES demands: unchanged if it is ASCII already, else as encoded words (RFC 2047) that
 * never split a character.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Message.html
 */
export function encodeSubject(subject: string): string {
  const line = subject.replace(/[\r\n]+/g, ' ');
  if (/^[\x20-\x7e]*$/.test(line)) return line;
  const words: string[] = [];
  let word = '';
  for (const character of line) {
    if (Buffer.byteLength(word + character) > BYTES_PER_WORD) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ');
}
