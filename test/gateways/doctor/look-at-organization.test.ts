import { lookAtOrganization } from '../../../gateways/doctor/look-at-organization.ts';
import { emulateAws } from '../../contracts/emulated.ts';

test('of units and roots, only those of this organization are found', async () => {
  const aws = emulateAws();
  const look = lookAtOrganization(aws);
  const [unit] = aws.world.organizationalUnits;
  expect(await look.unit(aws.world.organization.rootId)).toBe(true);
  expect(await look.unit(unit?.id ?? '')).toBe(true);
  expect(await look.unit('r-zz99')).toBe(false);
  expect(await look.unit('ou-zz99-12345678')).toBe(false);
});
