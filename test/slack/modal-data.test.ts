import { ACTIONS, actionIdFor, actionOf } from '../../slack/actions.ts';
import { type ModalData, readModalData, writeModalData } from '../../slack/modal-data.ts';

test('what a modal carries comes back at its submission', () => {
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
  '%p is not taken for data of a modal',
  (text) => {
    expect(readModalData(text)).toBeUndefined();
  },
);

test('a target too long to carry loses the data, not the modal', () => {
  expect(writeModalData({ wanted: { group: 'g'.repeat(5000) } })).toBe('{}');
});

test('an action is known by its id, with or without what makes the id unique', () => {
  expect(actionOf(actionIdFor(ACTIONS.approve, 'req-1'))).toBe(ACTIONS.approve);
  expect(actionOf(ACTIONS.done)).toBe(ACTIONS.done);
  expect(actionOf('request')).toBeUndefined();
  expect(actionOf('toString')).toBeUndefined();
  expect(new Set(Object.values(ACTIONS)).size).toBe(Object.keys(ACTIONS).length);
});
