/** The local master equation. */
import { localEquation } from '../../lindblad/masterEquation.js';
import { bathCoupling, thermalOccupation } from '../local.js';
import { LOAD, WEAK_COUPLING } from './conditions.js';
import type { MasterEquation } from './masterEquation.js';

export const local = {
  name: 'local',
  label: 'local (collision model)',
  source: 'Eqs. (13)–(16)',
  of: localEquation,
  jumpsOn: null,
  inPotential: null,
  cutoff: null,
  reach: 'own',
  ratesAlone: (field, beta, coupling) => {
    const n = thermalOccupation(beta, field);
    return { emission: coupling ** 2 * (n + 1), absorption: coupling ** 2 * n };
  },
  conditions: [
    LOAD,
    {
      ...WEAK_COUPLING,
      value: ({ B1, B2, g, chi }) =>
        Math.max(bathCoupling(1, g, chi) ** 2 / (2 * B1), bathCoupling(2, g, chi) ** 2 / (2 * B2)),
    },
    {
      name: 'local',
      symbol: '|λ|/2B',
      description: 'coupling of qubits and rotor against the splitting of a qubit',
      value: ({ B1, B2, lambda }) => Math.abs(lambda) / (2 * Math.min(B1, B2)),
    },
  ],
  isLimitOfCollisions: true,
} as const satisfies MasterEquation;
