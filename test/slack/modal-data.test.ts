import { ACTIONS, actionIdFor, actionOf } from '../../slack/actions.ts';
import { type ModalData, readModalData, writeModalData } from '../../slack/modal-data.ts';

test('the data that a modal carries is read back when it is submitted', () => {
  const data: ModalData = {
    channel: 'C0ALERTS',
    messageTs: '1767603600.000100',
    origin: 'alert',
    wanted: { accountId: '123456789012', permissionSet: 'AdministratorAccess' },
    durationSeconds: 3600,
  };
  expect(readModalData(writeModalData(data))).toEqual(data);
  const group: ModalData = { wanted: { group: 'On-call' } };
  expect(readModalData(writeModalData(group))).toEqual(group);
});

test.each(['', 'x', '[]', '{"durationSeconds":"long"}', '{"origin":"elsewhere"}', 'null'])(
  '%p is not accepted as the data of a modal',
  (text) => {
    expect(readModalData(text)).toBeUndefined();
  },
);

test('a field too long to carry is left out: neither the modal nor the other fields are lost', () => {
  expect(writeModalData({ wanted: { group: 'g'.repeat(5000) } })).toBe('{}');
  const data: ModalData = { wanted: { group: 'g' }, about: { text: 'x'.repeat(5000), channel: 'C0ALERTS', ts: '1.2' } };
  expect(readModalData(writeModalData(data))).toEqual({ wanted: { group: 'g' } });
});

test('data that Slack would refuse for its length is written without the message it is about', () => {
  const about = { text: '\ud83d'.repeat(400), channel: 'C0ALERTS', ts: '1.2', link: '\ud83d'.repeat(200) };
  const text = writeModalData({ origin: 'shortcut', about });
  expect(text.length).toBeLessThanOrEqual(3000);
  expect(readModalData(text)).toEqual({ origin: 'shortcut' });
});

test('an action is recognized by its id, with or without a suffix that makes the id unique', () => {
  expect(actionOf(actionIdFor(ACTIONS.approve, 'req-1'))).toBe(ACTIONS.approve);
  expect(actionOf(ACTIONS.done)).toBe(ACTIONS.done);
  expect(actionOf('request')).toBeUndefined();
  expect(actionOf('toString')).toBeUndefined();
  expect(new Set(Object.values(ACTIONS)).size).toBe(Object.keys(ACTIONS).length);
});
