import type { ModalView } from '@slack/types';
import { FIELDS, MODALS } from '../../../slack/actions.ts';
import type { CallView } from '../../../slack/call.ts';
import { readModalData } from '../../../slack/modal-data.ts';
import { approveModal, readApproveModal } from '../../../slack/views/approving/approve-modal.ts';
import { denyModal, readDenyModal } from '../../../slack/views/approving/deny-modal.ts';
import { breakGlassModal, readBreakGlassModal } from '../../../slack/views/asking/break-glass-modal.ts';
import { accountOptions, permissionSetOptions } from '../../../slack/views/asking/form-options.ts';
import { readRequestModal, requestModal } from '../../../slack/views/asking/request-modal.ts';
import { errorsAnswer } from '../../../slack/views/modal-parts.ts';
import { questionReviewModal, readQuestionReviewModal } from '../../../slack/views/reporting/review-message.ts';
import { aRequest } from '../a-request.ts';

const PENDING = aRequest({ state: 'pending' });
const ARN = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin';

function sent(values: Record<string, string>): CallView {
  return { id: 'V1', callbackId: 'x', privateMetadata: '', values };
}

/** The input blocks of a modal, by block id. */
function inputs(modal: ModalView) {
  const found = modal.blocks.flatMap((block) => ('element' in block ? [block] : []));
  return Object.fromEntries(found.map((block) => [block.block_id, block]));
}

test.each([
  ['deny', denyModal(PENDING), MODALS.deny],
  ['approve', approveModal(PENDING), MODALS.approve],
  ['question', questionReviewModal(PENDING), MODALS.questionReview],
])('the %s form carries the id of its request and nothing else', (_what, modal, name) => {
  expect(modal.callback_id).toBe(name);
  expect(readModalData(modal.private_metadata ?? '')).toEqual({ requestId: 'req-1' });
});

test('a denial and a question in a review need a note', () => {
  expect(inputs(denyModal(PENDING))[FIELDS.note]).not.toHaveProperty('optional');
  expect(readDenyModal(sent({}))).toMatchObject({ ok: false, errors: { note: expect.any(String) } });
  expect(readDenyModal(sent({ note: '  ' }))).toMatchObject({ ok: false });
  expect(readDenyModal(sent({ note: ' not today ' }))).toEqual({ ok: true, note: 'not today' });
  expect(readQuestionReviewModal(sent({}))).toMatchObject({ ok: false });
});

test('an approver can shorten the duration but not lengthen it', () => {
  const choices = inputs(approveModal(PENDING))[FIELDS.duration]?.element as { options: { value: string }[] };
  expect(choices.options.map((option) => option.value)).toEqual(['900', '1800', '3600']);
  expect(readApproveModal(sent({ duration: '900', note: 'ok' }), PENDING)).toEqual({
    note: 'ok',
    durationSeconds: 900,
  });
  for (const duration of ['3600', '7200', '-1', '1e9', '900 ', 'x', '']) {
    const shorter = duration.trim() === '900';
    expect(readApproveModal(sent({ duration }), PENDING)).toEqual(
      shorter ? { note: '', durationSeconds: 900 } : { note: '' },
    );
  }
});

test('the break-glass form says that there is no approval, and demands a reason', () => {
  const modal = breakGlassModal({ asked: PENDING, data: { origin: 'alert', channel: 'C0ALERTS' }, reason: 'down' });
  expect(JSON.stringify(modal.blocks)).toContain('at once, without approval');
  expect(inputs(modal)[FIELDS.reason]?.element).toMatchObject({ initial_value: 'down', min_length: 1 });
  expect(inputs(modal)[FIELDS.ticket]).toHaveProperty('optional', true);
  expect(readBreakGlassModal(sent({ reason: ' ' }))).toMatchObject({
    ok: false,
    errors: { reason: expect.any(String) },
  });
  expect(readBreakGlassModal(sent({ reason: 'down', ticket: 'INC-1' }))).toEqual({
    ok: true,
    reason: 'down',
    ticket: 'INC-1',
  });
});

test('a ticket that a policy demands is a required field of the form', () => {
  const modal = breakGlassModal({ asked: PENDING, data: {}, ticketRequired: true });
  expect(inputs(modal)[FIELDS.ticket]).not.toHaveProperty('optional');
});

test('the form offers durations up to the longest allowed one, with the default chosen', () => {
  const modal = requestModal({ data: { origin: 'command' }, maxDurationSeconds: 5400, defaultDurationSeconds: 3600 });
  expect(inputs(modal)[FIELDS.duration]?.element).toMatchObject({
    options: [
      { value: '900' },
      { value: '1800' },
      { value: '3600' },
      { value: '5400', text: { text: '1 hour 30 minutes' } },
    ],
    initial_option: { value: '3600' },
  });
  expect(inputs(modal)[FIELDS.account]?.element).toMatchObject({ type: 'external_select', min_query_length: 0 });
});

test('a permission set that is filled in is named by an option that Slack takes whole, however long its ARN', () => {
  const arn = 'arn:aws-us-gov:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef';
  const chosen = (value: string) =>
    inputs(
      requestModal({
        data: { origin: 'command' },
        maxDurationSeconds: 5400,
        defaultDurationSeconds: 3600,
        initial: { permissionSet: { label: 'ReadOnlyAccess', value } },
      }),
    )[FIELDS.permissionSet]?.element;
  expect(chosen(arn)).toMatchObject({ initial_option: { value: 'ReadOnlyAccess' } });
  const short = arn.replace('aws-us-gov', 'aws');
  expect(chosen(short)).toMatchObject({ initial_option: { value: short } });
});

const FILLED = {
  account: '123456789012',
  'permission-set': ARN,
  duration: '3600',
  reason: 'deploy',
  ticket: ' CHG-1 ',
};

test('a filled-in form is read as the target, duration, reason and ticket', () => {
  expect(readRequestModal(sent(FILLED))).toEqual({
    ok: true,
    wanted: { accountId: '123456789012', permissionSet: ARN },
    durationSeconds: 3600,
    reason: 'deploy',
    ticket: 'CHG-1',
  });
  expect(readRequestModal(sent({ ...FILLED, account: 'group:group-oncall' }))).toMatchObject({
    ok: true,
    wanted: { group: 'group-oncall' },
  });
});

test.each([
  ['no account', { account: '' }, ['account']],
  ['a malformed account', { account: 'prod' }, ['account']],
  ['a group without id', { account: 'group:' }, ['account']],
  ['an account without permission set', { 'permission-set': '' }, ['permission-set']],
  ['no duration', { duration: '' }, ['duration']],
  ['no reason', { reason: '   ' }, ['reason']],
  ['nothing at all', { account: '', duration: '', reason: '' }, ['account', 'duration', 'reason']],
])('a form with %s stays open and shows an error at the field', (_what, wrong, fields) => {
  const reading = readRequestModal(sent({ ...FILLED, ...wrong }));
  expect(reading.ok).toBe(false);
  const errors = reading.ok ? {} : reading.errors;
  expect(new Set(Object.keys(errors))).toEqual(new Set(fields));
  expect(errorsAnswer(errors)).toEqual({ response_action: 'errors', errors });
});

const ACCOUNTS = [
  { id: '234567890123', name: 'Staging' },
  { id: '123456789012', name: 'Production' },
];

test('accounts and groups are found by name and by id, sorted by name', () => {
  const groups = [{ id: 'group-oncall', name: 'On-call' }];
  const labels = (query: string) =>
    accountOptions({ accounts: ACCOUNTS, groups, query }).option_groups.map((kind) =>
      kind.options.map((option) => option.value),
    );
  expect(labels('')).toEqual([['123456789012', '234567890123'], ['group:group-oncall']]);
  expect(labels(' PROD ')).toEqual([['123456789012']]);
  expect(labels('90123')).toEqual([['234567890123']]);
  expect(labels('call')).toEqual([['group:group-oncall']]);
  expect(labels('nothing')).toEqual([]);
});

test('a permission set whose ARN is too long for an option value is offered by name', () => {
  const long = `arn:aws-us-gov:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef`;
  const sets = [
    { arn: long, name: 'Admin', description: 'All' },
    { arn: ARN, name: 'Read' },
  ];
  expect(permissionSetOptions({ permissionSets: sets, query: '' }).options).toMatchObject([
    { value: 'Admin', description: { text: 'All' } },
    { value: ARN },
  ]);
  expect(readRequestModal(sent({ ...FILLED, 'permission-set': 'Admin' }))).toMatchObject({ ok: true });
});
