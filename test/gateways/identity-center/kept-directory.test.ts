import type { Directory } from '../../../core/model/directory.ts';
import { directoryOf } from '../../../core/policy/authoring/organization.ts';
import { keepAnswers } from '../../../gateways/identity-center/kept-directory.ts';

function keeping(group: Directory['group']) {
  let nowMs = Date.parse('2026-01-05T09:00:00Z');
  const none = directoryOf({ users: [], groups: [], accounts: [], permissionSets: [] });
  const directory = keepAnswers({ ...none, group }, () => new Date(nowMs));
  const pass = (minutes: number) => {
    nowMs += minutes * 60_000;
  };
  return { directory, pass };
}

describe('directory answers kept for a menu', () => {
  it('are read once within five minutes, and again after that', async () => {
    const asked: string[] = [];
    const { directory, pass } = keeping(async (id) => {
      asked.push(id);
      return { id, name: `as of look ${asked.length}` };
    });
    await Promise.all([directory.group('g1'), directory.group('g1'), directory.group('g2')]);
    expect(asked).toEqual(['g1', 'g2']);
    pass(4);
    expect((await directory.group('g1'))?.name).toBe('as of look 1');
    pass(2);
    expect((await directory.group('g1'))?.name).toBe('as of look 3');
  });

  it('are not kept when they were errors', async () => {
    const failures = [new Error('away')];
    const { directory } = keeping(async (id) => {
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      return { id, name: 'SRE' };
    });
    await expect(directory.group('g1')).rejects.toThrow('away');
    expect((await directory.group('g1'))?.name).toBe('SRE');
  });
});
