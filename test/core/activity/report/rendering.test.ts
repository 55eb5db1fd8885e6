import { renderHtml } from '../../../../core/activity/report/render/render-html.ts';
import { renderText } from '../../../../core/activity/report/render/render-text.ts';
import { subjectOf } from '../../../../core/activity/report/summary.ts';
import { aCall, aRecord, endedRequest } from '../records.ts';
import { reportOf } from '../stored-reports.ts';

const HOSTILE = `</td><script>alert(1)</script><img src=x onerror='x()'> "&" \u202Eevil\u0007 \n\nWRITES (0)\n  none\nBcc: a@b.c`;

function hostileReport() {
  const { requester } = endedRequest();
  return reportOf(
    [
      aRecord({
        eventName: `Delete${HOSTILE}`,
        errorCode: HOSTILE,
        awsRegion: HOSTILE,
        sourceIPAddress: HOSTILE,
        requestParameters: { bucketName: HOSTILE },
      }),
    ],
    {
      change: {
        reason: HOSTILE,
        ticket: HOSTILE,
        path: HOSTILE,
        requester: { ...requester, displayName: HOSTILE, email: HOSTILE },
        names: { accountName: HOSTILE, permissionSetName: 'AdministratorAccess' },
        votes: [{ principalId: HOSTILE, slackId: HOSTILE, vote: 'approve', at: '2026-01-05T08:59:00Z', note: HOSTILE }],
        events: [{ type: 'vote', at: '2026-01-05T08:59:00Z', by: HOSTILE, note: HOSTILE }],
      },
      stopped: HOSTILE,
    },
  );
}

describe('hostile text', () => {
  test('no value can add markup to the mail', () => {
    const html = renderHtml(hostileReport());
    const ours = '!doctype b body br div h1 h2 head html meta pre span style table td title tr'.split(' ');
    const tags = [...html.matchAll(/<\/?([a-zA-Z!][\w!]*)/g)].map(([, name]) => name?.toLowerCase() ?? '');
    expect(tags.filter((tag) => !ours.includes(tag))).toEqual([]);
    expect(html).not.toMatch(/ onerror='/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('no value can forge a line of the text part', () => {
    const lines = renderText(hostileReport()).split('\n');
    expect(lines.filter((line) => line.startsWith('WRITES'))).toEqual(['WRITES (0)', 'WRITES THAT FAILED (1)']);
    expect(lines.filter((line) => /^\s*Bcc/.test(line))).toEqual([]);
  });

  test('characters that reorder or hide text reach neither rendering nor the subject', () => {
    const model = hostileReport();
    for (const out of [renderHtml(model), renderText(model), subjectOf(model)]) {
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(subjectOf(model)).not.toContain('\n');
    expect(subjectOf(model).length).toBeLessThanOrEqual(180);
  });
});

describe('the mail', () => {
  test('it loads nothing from anywhere and links nowhere', () => {
    const html = renderHtml(reportOf([aRecord()]));
    expect(html).not.toMatch(/(src|href|url\(|@import|<link|<a |<img|<script)/i);
  });

  test('no attribute is left open and every table, row and cell is closed', () => {
    const html = renderHtml(reportOf([aRecord(), aCall('cloudtrail:StopLogging')]));
    for (const tag of ['table', 'tr', 'td', 'div', 'pre', 'b', 'h1', 'h2', 'span', 'body', 'html']) {
      const opened = html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
      expect([tag, opened]).toEqual([tag, html.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0]);
    }
  });

  test('both renderings say the same counts, flags, gaps and limits', () => {
    const model = reportOf([aRecord(), aCall('cloudtrail:StopLogging'), '{']);
    const [html, text] = [renderHtml(model), renderText(model)];
    for (const said of [
      model.title,
      model.verdict,
      ...model.coverage.gaps,
      ...model.coverage.limits,
      ...model.flags.map(({ found }) => found),
    ]) {
      expect(html).toContain(said);
      expect(text).toContain(said);
    }
  });

  test('a risky call among many writes stands first in both parts, marked and named; the others follow as they happened', () => {
    const model = reportOf([
      ...Array.from({ length: 9 }, () => aCall('s3:PutObject', { readOnly: false, eventTime: '2026-01-05T09:30:00Z' })),
      aCall('lambda:UpdateAlias', { readOnly: false, eventTime: '2026-01-05T09:20:00Z' }),
      aCall('ec2:TerminateInstances', { readOnly: false, eventTime: '2026-01-05T09:40:00Z' }),
      aCall('iam:CreateAccessKey', { readOnly: false, eventTime: '2026-01-05T09:50:00Z' }),
    ]);
    const text = renderText(model);
    const writes = text.slice(text.indexOf('\nWRITES'), text.indexOf('\nREFUSED')).split('\n');
    expect(writes.filter((line) => /^ {2}[! ] +\d+ /.test(line))).toEqual([
      '  !    1  iam:CreateAccessKey',
      '  !    1  ec2:TerminateInstances',
      '       1  lambda:UpdateAlias',
      '       9  s3:PutObject',
    ]);
    expect(writes.join('\n')).toContain('Access that outlives this access | 2026-01-05 09:50:00 UTC');
    const html = renderHtml(model);
    expect(html).toMatch(/iam:CreateAccessKey<\/b> <span[^>]*>! Access that outlives this access<\/span>/);
    expect(html.lastIndexOf('ec2:TerminateInstances</b>')).toBeLessThan(html.indexOf('s3:PutObject</b>'));
  });

  test('a risky call keeps its mark even if its flag has no room for its name', () => {
    const names = Array.from({ length: 40 }, (_, at) => `rds:DeleteThing${String(at).padStart(2, '0')}`);
    const rows = reportOf(names.map((name) => aCall(name, { readOnly: false }))).sections.flatMap(
      (section) => section.rows,
    );
    expect(rows.map(({ risk }) => risk)).toEqual(Array(40).fill('Deleting'));
  });

  test('long names in a script of many bytes do not cut off the end of the mail, and what is left out is counted', () => {
    const wide = '<"&>鍵'.repeat(60);
    const calls = Array.from({ length: 130 }, (_, at) =>
      ['', 'AccessDenied', 'ValidationException'].map((errorCode) =>
        aCall(`ec2:DeleteThing${at}${'N'.repeat(60)}`, {
          ...(errorCode === '' ? {} : { errorCode, errorMessage: wide }),
          resources: [0, 1, 2].map((nth) => ({ ARN: `${nth}${wide}${at}` })),
        }),
      ),
    ).flat();
    const html = renderHtml(reportOf(calls));
    expect(Buffer.byteLength(html)).toBeLessThan(100 * 1024);
    expect(html).toMatch(/\d+ more kinds of call: see the plain-text part/);
    expect(html).toContain('History of the request');
  });

  test('the biggest report stays below the size at which mail programs cut it off; the text part has every row', () => {
    const kinds = ['AccessDenied', 'ValidationException', undefined, undefined];
    const records = kinds.flatMap((errorCode, which) =>
      Array.from({ length: 300 }, (_, at) =>
        aCall(
          `elasticloadbalancing:${which === 3 ? 'Describe' : 'Delete'}SomethingRatherLong${String(at).padStart(3, '0')}`,
          {
            readOnly: which === 3,
            ...(errorCode === undefined ? {} : { errorCode }),
            resources: Array.from({ length: 3 }, (_one, nth) => ({
              ARN: `arn:aws:elasticloadbalancing:eu-west-1:123456789012:thing/${at}/${nth}/abcdefghijkl`,
            })),
          },
        ),
      ),
    );
    const model = reportOf(records, { change: { reason: 'x'.repeat(5000) } });
    expect(Buffer.byteLength(renderHtml(model))).toBeLessThan(100 * 1024);
    const rows = model.sections.reduce((sum, section) => sum + section.rows.length, 0);
    expect(renderText(model).match(/SomethingRatherLong\d{3}( {2}\[|\n)/g)?.length).toBe(rows);
    expect(renderHtml(model)).toContain('more kinds of call: see the plain-text part of this mail.');
  });
});
