import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { Browser } from 'playwright-core';
import { renderPersonMail } from '../../core/access/notify/render-mail.ts';
import { archiveList } from '../../core/activity/report/archive-list.ts';
import { collectReport } from '../../core/activity/report/collect-report.ts';
import { attachmentsOf } from '../../core/activity/report/render/attachments.ts';
import { renderHtml } from '../../core/activity/report/render/render-html.ts';
import { buildReport } from '../../core/activity/report/report.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import { createListArchive } from '../../gateways/s3/list-archive.ts';
import { plainSentence } from '../../lambdas/shared/plain-sentence.ts';
import { sha256 } from '../../lambdas/shared/sha256.ts';
import { SITUATIONS } from '../../scripts/messages/situations.ts';
import { type Answer, fakeHolds, fakeReports, fakeRequests, fakeSource, trailOf } from '../core/activity/fakes.ts';
import { aCall, aChainedRole, aRecord, endedRequest, PLAN_SETTINGS, READ_AT } from '../core/activity/records.ts';
import { sharedBrowser } from './support/shared-browser.ts';

const OUT = resolve(import.meta.dirname, '../../out');

const at = (time: string) => `2026-01-05T${time}Z`;
const DEPLOY = 'arn:aws:iam::123456789012:role/deploy';

/** A busy hour: reads, an opened port, started instances, a chained role, a new access key, and a refused call. */
const FLAGGED = [
  aCall('sts:AssumeRoleWithSAML', {
    readOnly: true,
    eventTime: at('09:01:00'),
    userIdentity: { type: 'SAMLUser', userName: 'ana@example.com' },
    requestParameters: {
      roleArn: 'arn:aws:iam::123456789012:role/x/AWSReservedSSO_AdministratorAccess_0123456789abcdef',
      roleSessionName: 'ana@example.com',
    },
  }),
  aCall('ec2:AuthorizeSecurityGroupIngress', {
    eventTime: at('09:05:12'),
    userAgent: 'Mozilla/5.0',
    requestParameters: {
      groupId: 'sg-0f1e2d3c',
      ipPermissions: {
        items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
      },
    },
  }),
  aCall('ec2:RunInstances', {
    eventTime: at('09:12:40'),
    requestParameters: {
      instancesSet: { items: [{ imageId: 'ami-0a1b2c3d', minCount: 2, maxCount: 2 }] },
      instanceType: 'm7i.24xlarge',
      iamInstanceProfile: { name: 'web' },
      userData: '<sensitiveDataRemoved>',
    },
    responseElements: { instancesSet: { items: [{ instanceId: 'i-0new1' }, { instanceId: 'i-0new2' }] } },
  }),
  aChainedRole(DEPLOY, 'ASIADEPLOY', { eventTime: at('09:20:00') }),
  aCall('lambda:UpdateFunctionCode20150331v2', {
    eventTime: at('09:24:31'),
    role: 'deploy',
    session: 'deploy',
    onBehalfOf: null,
    key: 'ASIADEPLOY',
    requestParameters: { functionName: 'checkout' },
  }),
  aCall('iam:CreateAccessKey', {
    eventTime: at('09:31:05'),
    requestParameters: { userName: 'svc-ci' },
    responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLENEW', userName: 'svc-ci' } },
  }),
  aCall('cloudtrail:StopLogging', {
    eventTime: at('09:33:00'),
    errorCode: 'AccessDenied',
    errorMessage: 'User is not authorized to perform this with an explicit deny in a service control policy',
    requestParameters: { name: 'org-trail' },
  }),
  aRecord({ eventTime: at('09:40:00') }),
  ...Array.from({ length: 37 }, (_, nth) =>
    aCall('ec2:DescribeInstances', { readOnly: true, eventTime: at(`09:${10 + nth}:07`) }),
  ),
].map((record) => ({ ...record, awsRegion: 'eu-west-1' }));

const FLOODED = [
  aCall('iam:CreateUser', { eventTime: at('09:01:30'), requestParameters: { userName: 'backup-admin' } }),
  ...Array.from({ length: 5200 }, (_, nth) =>
    aCall(`ec2:Describe${['Instances', 'Vpcs', 'Images', 'Volumes'][nth % 4]}`, {
      readOnly: true,
      eventTime: new Date(Date.parse(at('09:59:59')) - nth * 400).toISOString().replace(/\.\d+/, ''),
    }),
  ),
];

const oneRegionMissing: Answer = (query) =>
  query.region === 'us-east-1'
    ? new ActivityUnreadableError('CloudTrail refused the look-up (AccessDenied).')
    : trailOf(FLAGGED)(query);

/** An S3 client that accepts every call. */
const TAKES_ALL = Object.assign(new S3Client({ region: 'eu-west-1' }), { send: () => Promise.resolve({}) });

async function mailOf(answer: Answer): Promise<string> {
  const request = endedRequest();
  const services = {
    requests: fakeRequests(request),
    reports: fakeReports(),
    holds: fakeHolds(),
    source: fakeSource(answer),
    settings: PLAN_SETTINGS,
    now: () => READ_AT,
  };
  for (let round = 0; round < 300; round += 1) if ((await collectReport(request.id, services)).next === 'done') break;
  const read = await services.reports.get(request.id);
  if (read === undefined) throw new Error('nothing was read');
  const calls = await services.reports.calls(read);
  const archive = createListArchive({ client: TAKES_ALL, bucket: 'glasshammer-auditarchivebucket', partition: 'aws' });
  const report = await archiveList(read, calls, { archive, sha256 });
  const { files, left } = attachmentsOf(request.id, calls);
  const attached = files.map(({ fileName, content }) => ({
    fileName,
    sha256: sha256(content),
  }));
  const options = { sourceName: services.source.name, calls, attached: { files: attached, left } };
  return renderHtml(buildReport(request, report, options));
}

describe('the mail in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(OUT, { recursive: true });
    browser = await sharedBrowser();
  });

  it.each<[string, Answer, number, number]>([
    ['report-flagged', trailOf(FLAGGED), 760, 1900],
    ['report-phone', trailOf(FLAGGED), 360, 1500],
    ['report-nothing', trailOf([]), 760, 700],
    ['report-partial', oneRegionMissing, 760, 700],
    ['report-flooded', trailOf(FLOODED), 760, 900],
  ])('%s fits its screen without horizontal scrolling', async (name, answer, width, height) => {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'light' });
    await page.setContent(await mailOf(answer));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.screenshot({ path: resolve(OUT, `${name}.png`) });
    await page.close();
  });

  it.each<[string, number]>([
    ['approval-mail', 760],
    ['approval-mail-phone', 390],
  ])('%s, which asks an approver, fits its screen without horizontal scrolling', async (name, width) => {
    const request = SITUATIONS.find(({ title }) => title === 'Waiting for approval')?.request;
    if (request === undefined) throw new Error('there is no such situation');
    const places = {
      consoleUrl: 'https://access.example.com',
      portalUrl: 'https://d-1234567890.awsapps.com/start',
      refusalWords: plainSentence,
    };
    const page = await browser.newPage({ viewport: { width, height: 620 }, colorScheme: 'light' });
    await page.setContent(renderPersonMail(request, 'approval', places).html);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.screenshot({ path: resolve(OUT, `${name}.png`) });
    await page.close();
  });
});
