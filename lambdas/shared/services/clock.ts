import type { Now } from '../../../core/access/ports.ts';

/** The clock of a deployed function. */
export const systemNow: Now = () => new Date();
