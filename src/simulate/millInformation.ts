/** Entropies, correlations and coherence of the paper's device, and what its parts hold. */
import type { Device } from '../model/device.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { InformationReading } from '../state/information.js';
import { Parts } from '../state/parts.js';
import { matrixOf } from '../state/spectrum.js';
import { type ErgotropyParts, ergotropyParts, gibbsDistance } from '../thermo/energyBasis.js';
import { ergotropy } from '../thermo/ergotropy.js';
import { isSecondMomentInfinite } from './rotorTails.js';

const parts = new Parts(
  [
    { name: 'qubit1', levels: 2 },
    { name: 'qubit2', levels: 2 },
  ],
  'rotor',
);

export type Part = 'qubit1' | 'qubit2' | 'rotor';

/** Levels of one qubit, the lower one first. */
const qubitLevels = (field: number) => Float64Array.of(-field, field);

export class MillInformation extends InformationReading {
  readonly #device: Device;
  readonly #most: number;
  #parts: ErgotropyParts | null | undefined;

  /** @param most the order up to which dense spectra are computed */
  constructor(device: Device, rho: DensityMatrix, most: number) {
    super(rho, parts, most);
    this.#device = device;
    this.#most = most;
  }

  #field(qubit: 'qubit1' | 'qubit2'): number {
    const { B1, B2 } = this.#device.parameters;
    return qubit === 'qubit1' ? B1 : B2;
  }

  /** What a unitary of one qubit alone can extract, of B σ^z. */
  localErgotropy(qubit: 'qubit1' | 'qubit2'): number {
    const { elements, space } = this.parts.reduced(this.rho, [qubit]);
    const population = (s: number) => elements[2 * space.classes[space.find(s, s, 0)].offset];
    const across = space.find(1, 0, 0);
    const at = across < 0 ? -1 : 2 * space.classes[across].offset;
    const coherence = at < 0 ? 0 : Math.hypot(elements[at], elements[at + 1]);
    const [lower, upper] = [population(0), population(1)];
    const half = Math.hypot((upper - lower) / 2, coherence);
    const mean = (lower + upper) / 2;
    const levels = qubitLevels(this.#field(qubit));
    const energy = lower * levels[0] + upper * levels[1];
    return ergotropy(energy, levels, Float64Array.of(mean - half, mean + half));
  }

  /** Null where the energy of the rotor is infinite, too. */
  ergotropyPart(part: keyof ErgotropyParts): number | null {
    const { system, parameters } = this.#device;
    if (isSecondMomentInfinite(parameters)) return null;
    this.#parts ??= ergotropyParts(
      matrixOf(system.hamiltonian, system.states),
      this.rho,
      this.#most,
    );
    return this.#parts?.[part] ?? null;
  }

  /** ½ Tr|ρ_part − e^{−βH_part}/Z|, with its own Hamiltonian and the temperature of its own bath. */
  gibbsDistance(part: Part): number | null {
    const { parameters, rotorHamiltonian } = this.#device;
    const { beta1, beta2, betaR } = parameters;
    const state = this.parts.reduced(this.rho, [part]);
    if (part === 'rotor') {
      return gibbsDistance(matrixOf(rotorHamiltonian, 1), betaR, state, this.#most);
    }
    const levels = qubitLevels(this.#field(part));
    const own = {
      space: state.space,
      elements: Float64Array.from(state.elements, (_, i) => {
        const found = state.space.classes.find(({ offset }) => 2 * offset === i);
        return found !== undefined && found.ket === found.bra ? levels[found.ket] : 0;
      }),
    };
    return gibbsDistance(own, part === 'qubit1' ? beta1 : beta2, state, this.#most);
  }
}
