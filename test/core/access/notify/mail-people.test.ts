import {
  createPeopleMailer,
  MailRefusedError,
  mailedAbout,
  mailRequester,
} from '../../../../core/access/notify/mail-people.ts';
import { renderPersonMail } from '../../../../core/access/notify/render-mail.ts';
import type { Mail } from '../../../../core/activity/ports.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { plainSentence } from '../../../../lambdas/shared/plain-sentence.ts';
import { aRequest } from '../requests.ts';
import { createWorld, FakeMails } from '../services.ts';

const PORTAL = 'https://d-1234567890.awsapps.com/start';
const CONSOLE = 'https://access.example.com';

function mailing(request: AccessRequest = aRequest('pending')) {
  const world = createWorld();
  world.requests.put(request);
  const sent: { to: string; mail: Mail }[] = [];
  const unreachable: string[] = [];
  const refused: string[] = [];
  const failing: string[] = [];
  const mailer = createPeopleMailer({
    ...world,
    async send(to, mail) {
      if (failing.includes(to)) throw new Error('throttled');
      if (refused.includes(to)) throw new MailRefusedError('MessageRejected');
      sent.push({ to, mail });
    },
    render: (of, kind) =>
      renderPersonMail(of, kind, { consoleUrl: CONSOLE, portalUrl: PORTAL, refusalWords: plainSentence }),
    onUnreachable: (id) => unreachable.push(id),
  });
  const ask = (...ids: string[]) => mailer.once(world.requests.now('r1'), 'approval', ids);
  return { world, mailer, sent, unreachable, refused, failing, ask };
}

describe('writing to approvers whom Slack does not reach', () => {
  it('happens once for each of them, however often it is run, and the history says to whom', async () => {
    const { world, sent, ask } = mailing();
    await ask('user-cleo', 'user-dan');
    await ask('user-cleo', 'user-dan');
    expect(sent.map(({ to }) => to)).toEqual(['cleo@example.com', 'dan@example.com']);
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'mailed')).toMatchObject([
      { by: 'glasshammer', note: 'asked to decide', approvers: ['user-cleo', 'user-dan'] },
    ]);
    expect(mailedAbout(world.requests.now('r1'), 'approval')).toEqual(['user-cleo', 'user-dan']);
  });

  it('is tried again for whom it failed, and for nobody else', async () => {
    const { sent, failing, ask } = mailing();
    failing.push('cleo@example.com');
    expect(await ask('user-cleo', 'user-dan')).toEqual({ mailed: ['user-dan'], failure: new Error('throttled') });
    failing.pop();
    expect(await ask('user-cleo', 'user-dan')).toEqual({ mailed: ['user-dan', 'user-cleo'] });
    expect(sent.map(({ to }) => to)).toEqual(['dan@example.com', 'cleo@example.com']);
  });

  it('leaves out people without an address or with one that is refused, and mails the others all the same', async () => {
    const { world, sent, unreachable, refused, ask } = mailing();
    refused.push('cleo@example.com');
    world.directory.users = world.directory.users.map((user) =>
      user.id === 'user-ben' ? { ...user, email: 'nobody' } : user,
    );
    await ask('user-cleo', 'user-ben', 'user-gone', 'user-dan');
    expect(new Set(unreachable)).toEqual(new Set(['user-ben', 'user-cleo', 'user-gone']));
    expect(sent.map(({ to }) => to)).toEqual(['dan@example.com']);
  });

  it('leaves out disabled users, and does not report them as unreachable', async () => {
    const { world, sent, unreachable, mailer, ask } = mailing();
    world.directory.change('user-cleo', { enabled: false });
    world.directory.change('user-ana', { enabled: false });
    expect(await ask('user-cleo', 'user-dan')).toEqual({ mailed: ['user-dan'] });
    await mailer.once(world.requests.now('r1'), 'outcome', ['user-ana'], 'ended');
    expect([sent.map(({ to }) => to), unreachable]).toEqual([['dan@example.com'], []]);
  });

  it('is not done for the canary, which is no person', async () => {
    const { sent, mailer } = mailing(aRequest('ended', { origin: { kind: 'canary' } }));
    const request = aRequest('ended', { origin: { kind: 'canary' } });
    expect(await mailer.once(request, 'outcome', ['user-ana'], 'ended')).toEqual({ mailed: [] });
    expect(sent).toEqual([]);
  });

  it('writes to fifty at most, each by themselves', async () => {
    const { world, sent, ask } = mailing();
    const many = Array.from({ length: 80 }, (_, index) => `user-${index}`);
    world.directory.users = many.map((id) => ({
      ...{ id, userName: id, displayName: id, enabled: true },
      email: `${id}@example.com`,
    }));
    await ask(...many);
    await ask(...many);
    expect(sent).toHaveLength(50);
  });
});

describe('writing to the requester', () => {
  const mailed = async (request: AccessRequest, hasChat: boolean) => {
    const mails = new FakeMails();
    await mailRequester(request, { mails, hasChat });
    return mails.sent;
  };
  const stranger = (request: AccessRequest) => ({ ...request, requester: { ...request.requester, slackId: '' } });

  it('is done only if there is no Slack, or if the requester has no Slack user', async () => {
    const ended = aRequest('ended');
    expect(await mailed(ended, true)).toEqual([]);
    expect(await mailed(stranger(ended), true)).toEqual([`outcome to ${ended.requester.principalId}`]);
    expect(await mailed(ended, false)).toEqual([`outcome to ${ended.requester.principalId}`]);
  });
});

describe('a mail about a request', () => {
  const hostile = '<b onload="x">“&\u202e\r\nBcc: all@example.com';

  it('cannot be given headers, lines or markup by text that people wrote', () => {
    const base = aRequest('pending');
    const request = {
      ...base,
      reason: hostile,
      ticket: hostile,
      requester: { ...base.requester, displayName: hostile },
      names: { accountName: hostile, permissionSetName: hostile },
    };
    const { subject, html, text } = renderPersonMail(request, 'approval', {
      consoleUrl: CONSOLE,
      portalUrl: PORTAL,
      refusalWords: plainSentence,
    });
    expect(subject).not.toMatch(/[\r\n\u202e]/);
    expect(html).not.toMatch(/<b |onload="|\u202e/);
    expect(text).not.toMatch(/^Bcc:/m);
    expect([...html.matchAll(/(?:href|src|action)=/g)]).toHaveLength(1);
  });

  it('tells the requester who ended the access, and why', () => {
    const at = '2026-01-05T12:30:00.000Z';
    const mailOf = (byName: string) => {
      const ending = {
        type: 'ending',
        state: 'ending',
        at,
        by: 'user-x',
        byName,
        note: 'ended by an operator: stolen',
      } as const;
      const request = aRequest('ended');
      return renderPersonMail({ ...request, events: [...request.events, ending] }, 'outcome', {
        portalUrl: PORTAL,
        refusalWords: plainSentence,
      }).text;
    };
    expect(mailOf('olga@example.com')).toMatch(/olga@example\.com ended your access [^.]*\.\s+“stolen”/);
  });

  it('names a command if there is no web console', () => {
    const { text, html } = renderPersonMail(aRequest('pending'), 'approval', {
      portalUrl: PORTAL,
      refusalWords: plainSentence,
    });
    expect(text).toContain('glasshammer approve r1');
    expect(text).toContain('glasshammer deny r1');
    expect(html).not.toContain('href=');
  });
});
