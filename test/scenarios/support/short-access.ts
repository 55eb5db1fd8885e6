import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';
import { BREAK_GLASS, PRODUCTION } from './driver.ts';

const RECORD = `access#${PRODUCTION}#${BREAK_GLASS}#user-ana`;

/** The default seed, but Ana's record allows 15 minutes, so a button without a duration asks for 15 minutes. */
export const SHORT_ACCESS = {
  accessRecords: DEFAULT_SEED.accessRecords.map((record) =>
    (record.id as { S?: string }).S === RECORD ? { ...record, maxDuration: { S: '15m' } } : record,
  ),
};
