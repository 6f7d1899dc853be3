/**
 * Code that is written for a machine's tables and eliminations once it has been solved on a window. Whoever is about to
 * solve some hundred devices waits for it; a single steady state does not load what writes it.
 */
import { tapeCode } from '../machine/tape.js';
import { roundingCode } from '../machine/tapeRounding.js';
import { slopesCode } from '../machine/tapeSlopes.js';
import { factorsCode } from '../solve/substitutions.js';
import { answeredCode } from './answered.js';
import { countedCode } from './countedCode.js';
import { generatorCode } from './generatorSlopes.js';
import { sectorCode } from './sectorProgram.js';

export async function loadKernels(): Promise<void> {
  const [tapes, roundings, slopes, sectors, factors, generators, counted, answered] =
    await Promise.all([
      import('../machine/tapeKernel.js'),
      import('../machine/roundingKernel.js'),
      import('../machine/slopesKernel.js'),
      import('./sectorKernel.js'),
      import('../solve/factorsKernel.js'),
      import('./generatorKernel.js'),
      import('./countedKernel.js'),
      import('./answeredKernel.js'),
    ]);
  tapeCode.module = tapes;
  roundingCode.module = roundings;
  slopesCode.module = slopes;
  sectorCode.module = sectors;
  factorsCode.module = factors;
  generatorCode.module = generators;
  countedCode.module = counted;
  answeredCode.module = answered;
}
