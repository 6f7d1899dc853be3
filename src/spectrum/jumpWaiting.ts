/** Times between chosen jumps of any open system, as fluctuations/waitingTimes.ts has them of a sector. */
import { BESIDE, type WaitingTimes, waitingFrom } from '../fluctuations/waitingTimes.js';
import { apply } from '../generator/apply.js';
import { generatorOf } from '../generator/generator.js';
import { jumpRules } from '../generator/rules.js';
import type { Operator } from '../operators/operator.js';
import { magnitudes } from './correlation.js';
import { rateOperator } from './countedBath.js';
import type { Spectrum } from './modes.js';
import { inner } from './vectors.js';

/**
 * @param spectrum of a system whose steady state is unique
 * @param jumps by the names of those that are chosen
 */
export function jumpWaiting(
  spectrum: Spectrum,
  names: readonly string[],
  jumps: readonly Operator[],
  times: readonly number[],
): WaitingTimes {
  const { steady, system } = spectrum;
  const sector = spectrum.populationsWith(jumpRules(jumps, -1));
  const after = apply(generatorOf(steady.space, jumpRules(jumps)), steady.elements);
  const { trace } = sector;
  const traceOf = (x: Float64Array) => inner(trace, x).re;
  const whole = sector.fromSpace(after);
  const rate = traceOf(whole);
  const first = whole.map((value) => value / rate);
  const row = sector.observable(rateOperator(system.window, jumps));
  const moments = () => {
    const resolvent = sector.resolvent({ re: BESIDE * rate, im: 0 });
    const once = resolvent.apply(first);
    return [traceOf(once), traceOf(resolvent.apply(once))] as const;
  };
  const evolved = (rtol: number) => {
    const at = sector.evolution(first, rtol);
    return times.map((t) => inner(row, at(t)).re);
  };
  const sizes = magnitudes(first);
  const size = magnitudes(row).reduce((sum, value, k) => sum + value * sizes[k], rate);
  return waitingFrom(names, { rate, moments, evolved, size }, times);
}
