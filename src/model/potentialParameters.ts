/** The potential of the rotor breaks the conservation of n2 + l: which parameters make one. */
import { parametersOf } from '../machine/expression.js';
import { mill } from '../machine/mill.js';

type PotentialParameter = 'V' | 'V2';

/** The parameters of the potential's terms. */
export const POTENTIAL_PARAMETERS = [
  ...new Set(
    mill.energies
      .filter(({ name }) => name === 'potential')
      .flatMap(({ operator }) => operator.flatMap(({ f }) => [...parametersOf(f.re)])),
  ),
] as readonly PotentialParameter[];

export const isPotentialParameter = (name: string): boolean =>
  POTENTIAL_PARAMETERS.some((other) => other === name);

/** Whether a device has a potential: then it has no zero-charge sector. */
export const hasPotential = (parameters: Readonly<Record<PotentialParameter, number>>): boolean =>
  POTENTIAL_PARAMETERS.some((name) => parameters[name] !== 0);

/** The same device without its potential. */
export const withoutPotential = <T extends object>(parameters: T): T => ({
  ...parameters,
  ...Object.fromEntries(POTENTIAL_PARAMETERS.map((name) => [name, 0])),
});
