/**
 * Derivatives of the entropy production by every parameter at once.
 *
 * The entropy that all baths produce by Spohn is Σ_b Tr[𝓛_b(ρ) ln π_b] in a steady state. Where a bath moves populations
 * alone and balances each move against its reverse, ln π_b differs by ln(k/k') between the two ends of a move with the
 * rates k and k': so it is Σ k p ln(k/k') over all moves. Thermal baths move populations between the states of their
 * equation, the others between bare states.
 */
import type { DissipatorForm } from '../lindblad/equation.js';
import { type EquationOf, localEquation } from '../lindblad/masterEquation.js';
import type { CompiledSector } from '../lindblad/sectorSolution.js';
import { isZero } from '../machine/expression.js';
import type { Machine } from '../machine/machine.js';
import type { OperatorForm, Term } from '../machine/operatorForm.js';
import { before, both, bounds, isEmpty, type Range } from '../machine/range.js';
import { zeros } from '../zeros.js';
import type { Differential } from './differential.js';
import { IN_SLOPES, NoDerivativeError, ROUNDING } from './noiseSensitivity.js';
import type { SteadySensitivity } from './steadySensitivity.js';

/** All terms of a bath's jumps that take one state to another one. */
interface Move {
  readonly bath: string;
  readonly isBare: boolean;
  readonly to: number;
  readonly from: number;
  readonly shift: number;
  readonly parts: readonly { readonly range: Range; readonly table: number }[];
}

const keyOfMove = ({ bath, to, from, shift }: Omit<Move, 'parts' | 'isBare'>): string =>
  `${to} ${from} ${shift} ${bath}`;

/** Whether two terms lead to one state at one level: then what is between the states that they come from gets there. */
export const mixesArrivals = (form: OperatorForm): boolean =>
  form.some((one, k) =>
    form
      .slice(k + 1)
      .some((other) => one.to === other.to && !isEmpty(both(arrivalsOf(one), arrivalsOf(other)))),
  );

const arrivalsOf = ({ range, shift }: Term): Range => before(range, -shift);

/** The moves of a machine's baths, the same for all windows and devices. */
export class EntropyProgram {
  readonly #moves = new Map<string, Move>();

  constructor(compiled: CompiledSector, machine: Machine, of: EquationOf) {
    const { equation, basis } = of(machine);
    const { equation: bare } = localEquation(machine);
    equation.dissipators.forEach((dissipator, b) => {
      const isBare = basis !== null && !compiled.thermal.includes(dissipator.name);
      this.#add(compiled, isBare ? bare.dissipators[b] : dissipator, isBare);
    });
  }

  #add({ program }: CompiledSector, { name, jumps }: DissipatorForm, isBare: boolean): void {
    for (const form of jumps) {
      if (mixesArrivals(form))
        throw new NoDerivativeError(`${name} moves coherences to populations`);
      for (const { to, from, shift, range, f } of form) {
        if (to === from && shift === 0) continue;
        const place = { bath: name, isBare, to, from, shift };
        const found = this.#moves.get(keyOfMove(place)) ?? { ...place, parts: [] };
        const parts = [f.re, f.im]
          .filter((x) => !isZero(x))
          .map((x) => ({ range, table: program.tape.table(x) }));
        this.#moves.set(keyOfMove(place), { ...found, parts: [...found.parts, ...parts] });
      }
    }
  }

  /**
   * Of all baths.
   * @throws {NoDerivativeError} where a bath moves more than populations, or has a move without a reverse
   */
  read(state: SteadySensitivity): Differential {
    const { sector, reader } = state;
    const { size } = sector.window;
    const rates = new Map<string, Float64Array>();
    for (const [key, { parts }] of this.#moves) {
      const rate = zeros(size);
      for (const { range, table } of parts) {
        const amplitude = sector.numbers.table(table);
        const [first, end] = bounds(range, size);
        for (let i = first; i < end; i++) rate[i] += amplitude[i] ** 2;
      }
      rates.set(key, rate);
    }
    const slopes = state.slopes();
    const rows = () => ({ bare: reader.populationRow(true), own: reader.populationRow(false) });
    const [weights, magnitudes] = [rows(), rows()];
    let [total, error] = [0, 0];
    for (const [key, { bath, isBare, to, from, shift, parts }] of this.#moves) {
      const rate = rates.get(key) ?? zeros(size);
      const reverse = rates.get(keyOfMove({ bath, to: from, from: to, shift: -shift }));
      const [here, there] = [from, to].map((s) => reader.populations(s, isBare));
      const [row, sizes] = [weights, magnitudes].map(({ bare, own }) =>
        (isBare ? bare : own).of(from),
      );
      const [byRate, lost] = [zeros(size), zeros(size)];
      for (let i = Math.max(0, -shift); i < size - Math.max(0, shift); i++) {
        const j = i + shift;
        const back = reverse?.[j] ?? 0;
        if (rate[i] === 0 && back === 0) continue;
        if (rate[i] === 0 || back === 0) {
          throw new NoDerivativeError(
            `a jump of ${bath} has no reverse: its entropy production is infinite`,
          );
        }
        const affinity = Math.log(rate[i] / back);
        const flow = rate[i] * here.value[i];
        total += flow * affinity;
        error += ROUNDING * Math.abs(flow) * (1 + Math.abs(affinity));
        row[i] += rate[i] * affinity;
        sizes[i] += rate[i] * (1 + Math.abs(affinity));
        // By the rate itself, which is in the affinity of its reverse, too.
        byRate[i] = here.value[i] * (affinity + 1) - (back * there.value[j]) / rate[i];
        lost[i] =
          here.error[i] * Math.abs(affinity + 1) +
          (back * there.error[j]) / rate[i] +
          IN_SLOPES * (here.value[i] * (1 + Math.abs(affinity)) + Math.abs(byRate[i]));
      }
      for (const { range, table } of parts) {
        const amplitude = sector.numbers.table(table);
        const back = slopes.table(table);
        const [first, end] = bounds(range, size);
        for (let i = first; i < end; i++) {
          back.slope[i] += 2 * amplitude[i] * byRate[i];
          back.error[i] += 2 * Math.abs(amplitude[i]) * lost[i];
        }
      }
    }
    const [row, sizes] = [zeros(state.rho.length), zeros(state.rho.length)];
    weights.bare.addTo(row, slopes);
    weights.own.addTo(row, slopes);
    magnitudes.bare.addTo(sizes, null);
    magnitudes.own.addTo(sizes, null);
    for (let i = 0; i < row.length; i++) error += Math.abs(row[i]) * state.rhoErrors[i];
    const z = state.solveTransposed(row, sizes, state.slowChange);
    state.addGenerator(z, state.state, -1, slopes);
    return { value: { value: total, error }, gradient: slopes.byParameter() };
  }
}
