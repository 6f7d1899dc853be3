/** The global master equation, which the paper calls semi-global: its load acts locally. */
import { globalEquation } from '../../lindblad/masterEquation.js';
import { MOST_ELEMENTS } from '../../lindblad/mostEigenstates.js';
import type { DeviceNumbers } from '../deviceNumbers.js';
import { globalCutoff, globalJumps, thermalRates } from '../global.js';
import { bathCoupling } from '../local.js';
import { hasPotential } from '../potentialParameters.js';
import { LOAD, LOCAL_LOAD, WEAK_COUPLING } from './conditions.js';
import type { MasterEquation } from './masterEquation.js';

/**
 * The least of ε_{+,k} − ε_{−,k} = 2√(h_k² + λ²) over all levels, h_k = (B_1 − B_2) + (2k + 1)/4I: which of them
 * a window has shall not be seen. 4I h_k is 4I(B_1 − B_2) less an odd number, and every odd number has its level.
 */
function smallestSplitting({ B1, B2, I, lambda }: DeviceNumbers): number {
  const distance = Math.abs(1 - (Math.abs(4 * I * (B1 - B2)) % 2));
  // Beyond the range of floating point it is not known; 0 is the worst.
  const half = Number.isFinite(distance) ? distance / (4 * I) : 0;
  return 2 * Math.hypot(half, lambda);
}

/** The larger sum of the rates at which a bath acts on its qubit. */
function fastest({ beta1, beta2, B1, B2, g, chi }: DeviceNumbers, omega: number): number {
  const baths = [
    thermalRates(2 * B1, beta1, bathCoupling(1, g, chi), omega),
    thermalRates(2 * B2, beta2, bathCoupling(2, g, chi), omega),
  ];
  return Math.max(...baths.map(({ emission, absorption }) => emission + absorption));
}

const density = (coupling: number, splitting: number, omega: number): number =>
  coupling ** 2 / (1 + (splitting / omega) ** 2);

export const global = {
  name: 'global',
  label: 'semi-global (spin-boson model)',
  source: 'Eqs. (27), (A1)–(A17)',
  of: globalEquation,
  jumpsOn: globalJumps,
  inPotential: {
    // Of N levels the qubits' states make 4N eigenstates, in blocks of 2N at most.
    levels: Math.floor((MOST_ELEMENTS / (4 * 2 ** 3)) ** (1 / 4)),
    because: 'its jumps are between eigenstates of all of H, which have no closed form there',
    // What gives off ω brings −ω in, and the two rates trade places with the sign of ω.
    rate: (gain, beta, coupling, omega) => thermalRates(gain, beta, coupling, omega).absorption,
  },
  cutoff: globalCutoff,
  reach: 'whole',
  ratesAlone: (field, beta, coupling, omega) => thermalRates(2 * field, beta, coupling, omega),
  conditions: [
    LOAD,
    LOCAL_LOAD,
    {
      ...WEAK_COUPLING,
      value: ({ B1, B2, g, chi }, omega) =>
        Math.max(
          density(bathCoupling(1, g, chi), 2 * B1, omega),
          density(bathCoupling(2, g, chi), 2 * B2, omega),
        ),
    },
    {
      name: 'secular',
      symbol: 'Γ/Δε',
      description: 'rates of the baths against the smallest splitting that H_S makes of two levels',
      value: (numbers, omega, smallestGap) => {
        if (hasPotential(numbers)) return fastest(numbers, omega) / smallestGap();
        return numbers.lambda === 0 ? null : fastest(numbers, omega) / smallestSplitting(numbers);
      },
    },
  ],
  isLimitOfCollisions: false,
} as const satisfies MasterEquation;
