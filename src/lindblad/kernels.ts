/**
 * Code that is written for a machine's tables and eliminations once it has been solved some hundred times. Whoever is
 * about to solve as many waits for it; a single steady state does not load what writes it.
 */
import { tapeCode } from '../machine/tape.js';
import { eliminationCode } from './sectorProgram.js';

export async function loadKernels(): Promise<void> {
  const [tapes, eliminations] = await Promise.all([
    import('../machine/tapeKernel.js'),
    import('../solve/eliminationKernel.js'),
  ]);
  tapeCode.module = tapes;
  eliminationCode.module = eliminations;
}
