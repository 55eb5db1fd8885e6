import type { Email } from '../world/world.ts';

type Mail = Pick<Email, 'from' | 'to' | 'subject' | 'text' | 'html' | 'attachments'>;

/**
 * Parses a raw message as far as it is shown: sender, recipients, subject, first text part, first HTML part,
 * attachments.
 */
export function readMail(source: Buffer): Mail {
  const root = readPart(source.toString('latin1'));
  const mail: Mail = {
    from: decodeWords(root.headers.from ?? ''),
    to: (root.headers.to ?? '').split(',').flatMap((address) => (address.trim() === '' ? [] : [address.trim()])),
    subject: decodeWords(root.headers.subject ?? ''),
    text: '',
    html: '',
    attachments: [],
  };
  addPart(mail, root);
  return mail;
}

interface Part {
  headers: Record<string, string | undefined>;
  body: string;
}

function readPart(source: string): Part {
  const [, head = source, body = ''] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(source) ?? [];
  const headers: Part['headers'] = {};
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body };
}

function addPart(mail: Mail, part: Part): void {
  const type = part.headers['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) {
    const pieces = part.body.split(`--${boundary}`).slice(1);
    for (const piece of pieces) if (!piece.startsWith('--')) addPart(mail, readPart(piece.replace(/^\r?\n/, '')));
    return;
  }
  const content = decodeBody(part);
  const disposition = part.headers['content-disposition'] ?? '';
  const contentType = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (disposition.startsWith('attachment')) {
    const fileName = /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? '';
    mail.attachments.push({ fileName, contentType, size: content.length, content: content.toString('utf8') });
  } else if (contentType === 'text/html') mail.html ||= content.toString();
  else if (contentType === 'text/plain') mail.text ||= content.toString();
}

function decodeBody({ headers, body }: Part): Buffer {
  const encoding = (headers['content-transfer-encoding'] ?? '7bit').toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding === 'quoted-printable') return unquote(body.replace(/=\r?\n/g, ''));
  return Buffer.from(body, 'latin1');
}

function unquote(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** Decodes RFC 2047 encoded words, and headers in plain UTF-8. */
function decodeWords(header: string): string {
  const joined = header.replace(/(\?=)\s+(=\?)/g, '$1$2');
  if (!joined.includes('=?')) return Buffer.from(joined, 'latin1').toString();
  return joined.replace(/=\?[\w-]+\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, data: string) =>
    (kind.toUpperCase() === 'B' ? Buffer.from(data, 'base64') : unquote(data.replaceAll('_', ' '))).toString(),
  );
}
