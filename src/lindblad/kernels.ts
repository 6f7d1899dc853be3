/**
 * Code that is written for a machine's tables and eliminations once it has been solved some hundred times. Whoever is
 * about to solve as many waits for it; a single steady state does not load what writes it.
 */
import { tapeCode } from '../machine/tape.js';
import { sectorCode } from './sectorProgram.js';

export async function loadKernels(): Promise<void> {
  const [tapes, sectors] = await Promise.all([
    import('../machine/tapeKernel.js'),
    import('./sectorKernel.js'),
  ]);
  tapeCode.module = tapes;
  sectorCode.module = sectors;
}
