import type {
  GetAccountResponse,
  GetEmailIdentityRequest,
  GetEmailIdentityResponse,
  SendEmailRequest,
  SendEmailResponse,
} from '@aws-sdk/client-sesv2';
import { AwsError } from '../wire/aws-error.ts';
import { readMail } from '../wire/mime.ts';
import type { Call, Operations, Wire } from '../wire/service.ts';
import type { Email, World } from '../world/world.ts';

/** SES v2: 50 recipients per message; 40 MB with attachments and encoding. */
const MAX_RECIPIENTS = 50;
const MAX_BYTES = 40 * 1024 * 1024;

type Draft = Pick<Email, 'from' | 'to' | 'subject' | 'text' | 'html' | 'attachments'>;

/** SES v2: sends only from verified identities, and in the SES sandbox only to them. */
export function sesv2(world: World, newId: () => string): Operations {
  const verified = (address: string) => {
    const bare = bareAddress(address);
    const domain = bare.slice(bare.indexOf('@') + 1);
    // A verified domain may also send from its subdomains.
    return world.ses.identities.some((known) => known === bare || known === domain || domain.endsWith(`.${known}`));
  };
  const requireVerified = (addresses: readonly string[], region: string) => {
    const failed = addresses.filter((address) => !verified(address)).map(bareAddress);
    if (failed.length > 0)
      throw new AwsError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failed.join(', ')}`,
      );
  };

  return {
    SendEmail(input: Wire<SendEmailRequest>, call: Call): Wire<SendEmailResponse> {
      if (!world.ses.sendingEnabled)
        throw new AwsError('SendingPausedException', 'Sending is paused for this account.');
      const draft = readDraft(input);
      const headers = readHeaders(input.Content.Simple?.Headers ?? []);
      const given = input.Destination ?? {};
      const to = given.ToAddresses ?? draft.to;
      const [cc, bcc] = [given.CcAddresses ?? [], given.BccAddresses ?? []];
      const recipients = [...to, ...cc, ...bcc];
      if (recipients.length === 0) throw badRequest('There must be at least one recipient');
      if (recipients.length > MAX_RECIPIENTS) throw badRequest(`Recipient count exceeds ${MAX_RECIPIENTS}.`);
      const from = input.FromEmailAddress ?? draft.from;
      for (const address of [from, ...recipients, ...(input.ReplyToAddresses ?? [])])
        if (!/^[^\s@<>,]+@[^\s@<>,]+$/.test(bareAddress(address)) || /[\r\n]/.test(address))
          throw badRequest(`Invalid address ${JSON.stringify(address)}`);
      requireVerified([from], call.region);
      if (!world.ses.productionAccess) requireVerified(recipients, call.region);
      const messageId = newId();
      world.emails.push({
        ...draft,
        messageId,
        // SES replaces the Message-ID of a mail.
        headers: { ...headers, 'Message-ID': `<${messageId}@${domainOf(call.region)}.amazonses.com>` },
        from,
        to,
        cc,
        bcc,
        replyTo: input.ReplyToAddresses ?? [],
        at: new Date(call.nowMs).toISOString(),
      });
      return { MessageId: messageId };
    },
    GetAccount(): Wire<GetAccountResponse> {
      const { productionAccess, sendingEnabled } = world.ses;
      return {
        ProductionAccessEnabled: productionAccess,
        SendingEnabled: sendingEnabled,
        EnforcementStatus: 'HEALTHY',
        SendQuota: {
          Max24HourSend: productionAccess ? 50000 : 200,
          MaxSendRate: productionAccess ? 14 : 1,
          SentLast24Hours: world.ses.sentToday + world.emails.length,
        },
      };
    },
    GetEmailIdentity(input: Wire<GetEmailIdentityRequest>): Wire<GetEmailIdentityResponse> {
      const name = input.EmailIdentity;
      if (!world.ses.identities.includes(name))
        throw new AwsError('NotFoundException', `Email identity ${name} does not exist.`);
      return {
        IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
        VerifiedForSendingStatus: true,
        VerificationStatus: 'SUCCESS',
        ...(world.ses.configurationSets[name] === undefined
          ? {}
          : { ConfigurationSetName: world.ses.configurationSets[name] }),
      };
    },
  };
}

function readDraft(input: Wire<SendEmailRequest>): Draft {
  const { Simple: simple, Raw: raw, Template: template } = input.Content;
  if ([simple, raw, template].filter((content) => content !== undefined).length !== 1)
    throw badRequest('Content must have exactly one of Simple, Raw and Template');
  if (raw !== undefined) {
    const source = Buffer.from(raw.Data, 'base64');
    requireSize(source.length);
    const draft = readMail(source);
    if (draft.from === '') throw badRequest("Missing required header 'From'.");
    return draft;
  }
  if (simple === undefined) throw badRequest('There are no templates here');
  if (input.FromEmailAddress === undefined) throw badRequest('FromEmailAddress is required');
  const { Subject: subject, Body: body } = simple;
  if (/[\r\n]/.test(subject.Data)) throw badRequest('The subject must be one line');
  if (body.Text === undefined && body.Html === undefined) throw badRequest('Body must have Text or Html');
  const attachments = (simple.Attachments ?? []).map((attachment) => ({
    fileName: attachment.FileName,
    contentType: attachment.ContentType ?? 'application/octet-stream',
    size: Buffer.byteLength(attachment.RawContent, 'base64'),
    content: Buffer.from(attachment.RawContent, 'base64').toString('utf8'),
  }));
  const text = body.Text?.Data ?? '';
  const html = body.Html?.Data ?? '';
  // Base64 makes attachments larger by a third.
  const attached = attachments.reduce((sum, { size }) => sum + Math.ceil(size / 3) * 4, 0);
  requireSize(Buffer.byteLength(text) + Buffer.byteLength(html) + attached);
  return { from: input.FromEmailAddress, to: [], subject: subject.Data, text, html, attachments };
}

/** Headers that SES sets itself, or that have a parameter of their own. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  ...['bcc', 'cc', 'content-disposition', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'reply-to'],
  ...['return-path', 'sender', 'subject', 'to'],
]);

/**
 * SES's rules: each name once, in printable ASCII without a colon; values in printable ASCII; 995 characters for name
 * and value.
 */
function readHeaders(headers: readonly { readonly Name: string; readonly Value: string }[]): Record<string, string> {
  const read: Record<string, string> = {};
  if (headers.length > 15) throw badRequest('Too many headers; at most 15 are allowed.');
  for (const { Name, Value } of headers) {
    const known = Object.keys(read).some((name) => name.toLowerCase() === Name.toLowerCase());
    if (known || RESERVED_HEADERS.has(Name.toLowerCase())) throw badRequest(`Header ${Name} is not allowed.`);
    if (!/^[!-9;-~]{1,126}$/.test(Name) || !/^[ -~]+$/.test(Value) || Name.length + Value.length > 995)
      throw badRequest(`Header ${Name} is invalid.`);
    read[Name] = Value;
  }
  return read;
}

function domainOf(region: string): string {
  return region === 'us-east-1' ? 'email' : region;
}

function requireSize(bytes: number): void {
  if (bytes > MAX_BYTES)
    throw new AwsError('MessageRejected', `Message length is more than ${MAX_BYTES} bytes long: '${bytes}'.`);
}

/** Converts `Ana <ana@example.com>` to `ana@example.com`. */
function bareAddress(address: string): string {
  return (/<([^<>]*)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
