import type { BackendRecord } from '../record.js';

/** The CPU, in float64. More than one thread needs Node's. */
export const cpu: BackendRecord = {
  title: 'CPU',
  isHost: true,
  hasKernels: false,
  arithmetic: 'f64',
};
