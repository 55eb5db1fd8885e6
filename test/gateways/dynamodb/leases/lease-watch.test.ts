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
    /** @returns the lease item, whose removal is done but which is not forgotten yet */
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

describe('an assignment that an administrator makes', () => {
  it('stays after a lease of the same assignment ends', async () => {
    const { grant, pass, made, standing, nowText } = aTable();
    await grant('r1');
    pass(10);
    expect(await made(nowText())).toMatchObject({ leases: ['r1'], standing: true });
    expect(await standing()).toBe(true);
  });

  it("counts as the administrator's even if Glasshammer's workflow says that it made the same", async () => {
    const { leases, grant, made, standing, nowText } = aTable();
    await grant('r1');
    await made(nowText());
    expect(await leases.noteOurs(ANAS_ASSIGNMENT)).toMatchObject({ standing: true });
    expect(await standing()).toBe(true);
  });

  it('changes nothing when its event is delivered again', async () => {
    const { grant, made, nowText } = aTable();
    await grant('r1');
    const at = nowText();
    expect(await made(at)).toMatchObject({ standing: true });
    expect(await made(at)).toMatchObject({ standing: true });
  });

  it('counts when it was being made just before the grant looked', async () => {
    const { grant, pass, made, nowText } = aTable();
    const at = nowText();
    pass(20);
    await grant('r1');
    expect(await made(at)).toMatchObject({ standing: true });
  });

  it.each(['forget', 'release'] as const)(
    'went with the removal of the first lease, so a late event of it does not keep the next one for ever (%s)',
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

  it("was gone when Glasshammer made the same, so a late event of it does not keep Glasshammer's for ever", async () => {
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

  it('was gone when Glasshammer made the same, even if its event arrived just before', async () => {
    const { leases, grant, pass, made, standing, nowText } = aTable();
    await grant('r1');
    pass(10);
    expect(await made(nowText())).toMatchObject({ standing: true });
    await leases.noteAbsent(ANAS_ASSIGNMENT, nowText());
    expect(await standing()).toBe(false);
  });

  it("counts as the administrator's when it is made after Glasshammer made the same", async () => {
    const { leases, grant, pass, made, nowText } = aTable();
    await grant('r1');
    await leases.noteAbsent(ANAS_ASSIGNMENT, nowText());
    pass(60);
    expect(await made(nowText())).toMatchObject({ standing: true });
  });

  it('stays when it is made after a removal and while the next lease runs', async () => {
    const { leases, grant, remove, pass, made, nowText } = aTable();
    await grant('r1');
    await leases.forget(await remove('r1'));
    pass(60);
    await grant('r2');
    pass(5);
    expect(await made(nowText())).toMatchObject({ leases: ['r2'], standing: true });
  });

  it('stays when no request holds it, while the watch still looks for what an earlier grant may have made', async () => {
    const { leases, grant, remove, pass, made, standing, nowText } = aTable();
    await grant('r1');
    await leases.release(await remove('r1'), nowText());
    pass(60);
    expect(await made(nowText())).toMatchObject({ leases: [], standing: true });
    // A request for the same assignment before that look finds it standing.
    await grant('r2');
    expect(await standing()).toBe(true);
  });

  it('does not concern a lease that began long after it', async () => {
    const { grant, pass, made, nowText } = aTable();
    const at = nowText();
    pass(90);
    await grant('r1');
    expect(await made(at)).toBeUndefined();
  });
});

describe('an assignment that an administrator removes', () => {
  it('leaves open whether the assignment is standing until the grant has looked', async () => {
    const { leases, watch, standing, nowText } = aTable();
    await leases.add(ANAS_ASSIGNMENT, 'r1');
    expect(await watch.noteOutside(ANAS_ASSIGNMENT, false, nowText())).toBeUndefined();
    expect(await standing()).toBeUndefined();
    await leases.noteStanding(ANAS_ASSIGNMENT, true);
    expect(await watch.noteOutside(ANAS_ASSIGNMENT, false, nowText())).toMatchObject({ standing: false });
  });
});
