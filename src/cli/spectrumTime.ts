/** Says beforehand how long eigenvalues take that are asked for. */
import { AFFORDABLE_ORDER, ASKED_ORDER, eigenvalueSeconds } from '../state/affordableOrder.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { denseOrder } from '../state/spectrum.js';
import { duration } from './progress.js';

/** On stderr, where it takes longer than what is computed unasked, or is not computed. */
export function tellSpectrum(rho: DensityMatrix, most = ASKED_ORDER): void {
  const order = denseOrder(rho);
  if (order <= AFFORDABLE_ORDER) return;
  process.stderr.write(
    order > most
      ? `information is left out that takes the spectrum of ρ: it has ${order} rows, and more than ${most} take too long\n`
      : `spectra of ${order} rows take about ${duration(eigenvalueSeconds(order))} each, and more with eigenvectors\n`,
  );
}
