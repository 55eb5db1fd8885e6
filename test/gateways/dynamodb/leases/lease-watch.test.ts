import { createLeaseStore } from '../../../../gateways/dynamodb/leases/lease-store.ts';
import { createLeaseWatch } from '../../../../gateways/dynamodb/leases/lease-watch.ts';
import { emulateAws, REQUEST_TABLE } from '../../../contracts/emulated.ts';
import { ANAS_ASSIGNMENT } from '../../../core/access/requests.ts';

function aTable() {
  const { dynamo: client, now, pass } = emulateAws();
  const leases = createLeaseStore({ client, tableName: REQUEST_TABLE, now });
  const watch = createLeaseWatch({ client, tableName: REQUEST_TABLE, leases });
  const nowText = () => now().toISOString();
  return {
    watch,
    leases,
    pass,
    nowText,
    async grant(requestId: string): Promise<void> {
      await leases.add(ANAS_ASSIGNMENT, requestId);
      await leases.noteStanding(ANAS_ASSIGNMENT, false);
    },
    /** @returns the item whose removal is done, and not yet forgotten */
    async remove(requestId: string) {
      await leases.drop(ANAS_ASSIGNMENT, requestId);
      const item = await leases.beginRemoval(ANAS_ASSIGNMENT, requestId, nowText());
      if (item === undefined) throw new Error('there was nothing to remove');
      return item;
    },
    made: (at: string) => watch.noteOutside(ANAS_ASSIGNMENT, true, at),
    standing: async () => (await leases.get(ANAS_ASSIGNMENT))?.standing,
  };
}

describe('an assignment that somebody else makes', () => {
  it('stays after the lease that holds the same one', async () => {
    const { grant, pass, made, standing, nowText } = aTable();
    await grant('r1');
    pass(10);
    expect(await made(nowText())).toMatchObject({ leases: ['r1'], standing: true });
    expect(await standing()).toBe(true);
  });

  it('is theirs whatever the workflow of ours says that made the same', async () => {
    const { leases, grant, made, standing, nowText } = aTable();
    await grant('r1');
    await made(nowText());
    expect(await leases.noteOurs(ANAS_ASSIGNMENT)).toMatchObject({ standing: true });
    expect(await standing()).toBe(true);
  });

  it('is the same news however often it is heard', async () => {
    const { grant, made, nowText } = aTable();
    await grant('r1');
    const at = nowText();
    expect(await made(at)).toMatchObject({ standing: true });
    expect(await made(at)).toMatchObject({ standing: true });
  });

  it('counts when it was under way as the grant looked', async () => {
    const { grant, pass, made, nowText } = aTable();
    const at = nowText();
    pass(20);
    await grant('r1');
    expect(await made(at)).toMatchObject({ standing: true });
  });

  it.each(['forget', 'release'] as const)(
    'went with our removal, and must not keep the next lease for ever when it is heard of late (%s)',
    async (letGo) => {
      const { leases, grant, remove, pass, made, standing, nowText } = aTable();
      await grant('r1');
      pass(10);
      const at = nowText();
      pass(3);
      const item = await remove('r1');
      if (letGo === 'forget') await leases.forget(item);
      else await leases.release(item, nowText());
      pass(1);
      await grant('r2');
      expect(await made(at)).toBeUndefined();
      expect(await standing()).toBe(false);
    },
  );

  it('was gone when ours was made anew, and must not keep ours for ever when it is heard of late', async () => {
    const { leases, grant, pass, made, standing, nowText } = aTable();
    await grant('r1');
    pass(10);
    const given = nowText();
    pass(3);
    await grant('r2');
    await leases.noteAbsent(ANAS_ASSIGNMENT, nowText());
    expect(await made(given)).toBeUndefined();
    expect(await standing()).toBe(false);
  });

  it('was gone when ours was made anew, also when it was heard of just before', async () => {
    const { leases, grant, pass, made, standing, nowText } = aTable();
    await grant('r1');
    pass(10);
    expect(await made(nowText())).toMatchObject({ standing: true });
    await leases.noteAbsent(ANAS_ASSIGNMENT, nowText());
    expect(await standing()).toBe(false);
  });

  it('counts as theirs when it is given after ours was made', async () => {
    const { leases, grant, pass, made, nowText } = aTable();
    await grant('r1');
    await leases.noteAbsent(ANAS_ASSIGNMENT, nowText());
    pass(60);
    expect(await made(nowText())).toMatchObject({ standing: true });
  });

  it('stays when it came after our removal and while the next lease runs', async () => {
    const { leases, grant, remove, pass, made, nowText } = aTable();
    await grant('r1');
    await leases.forget(await remove('r1'));
    pass(60);
    await grant('r2');
    pass(5);
    expect(await made(nowText())).toMatchObject({ leases: ['r2'], standing: true });
  });

  it('stays when nobody holds it, but what our grant may have made since is looked for', async () => {
    const { leases, grant, remove, pass, made, standing, nowText } = aTable();
    await grant('r1');
    await leases.release(await remove('r1'), nowText());
    pass(60);
    expect(await made(nowText())).toMatchObject({ leases: [], standing: true });
    // For whoever asks for the same before the look, it was there before.
    await grant('r2');
    expect(await standing()).toBe(true);
  });

  it('is nothing to a lease that began long after it', async () => {
    const { grant, pass, made, nowText } = aTable();
    const at = nowText();
    pass(90);
    await grant('r1');
    expect(await made(at)).toBeUndefined();
  });
});

describe('an assignment that somebody else removes', () => {
  it('makes nothing ours that the grant has not looked at yet', async () => {
    const { leases, watch, standing, nowText } = aTable();
    await leases.add(ANAS_ASSIGNMENT, 'r1');
    expect(await watch.noteOutside(ANAS_ASSIGNMENT, false, nowText())).toBeUndefined();
    expect(await standing()).toBeUndefined();
    await leases.noteStanding(ANAS_ASSIGNMENT, true);
    expect(await watch.noteOutside(ANAS_ASSIGNMENT, false, nowText())).toMatchObject({ standing: false });
  });
});
