/**
 * The paper's machine: two qubits that drive a quantum rotor, the quantum mill (Leitch, Hammam, De Chiara 2024).
 * What it does not have is marked: a static potential of the rotor, and pure dephasing of the qubits.
 *
 * A two-qubit state is numbered 2 n1 + n2, n = 1 being "up".
 */
import {
  call,
  constant,
  difference,
  type Expression,
  level,
  ONE,
  parameter,
  powerOf,
  productOf,
  quotient,
  squareRoot,
  sumOf,
} from './expression.js';
import type { ExplicitBath, Machine, ThermalBath } from './machine.js';
import {
  adjoint,
  ladderOperator,
  levelOperator,
  type OperatorForm,
  product,
  scale,
  sum,
} from './operatorForm.js';

type Qubit = 1 | 2;

const STATES = 4;
const states = Array.from({ length: STATES }, (_, s) => s);
const bit = (qubit: Qubit): number => (qubit === 1 ? 2 : 1);
const isUp = (qubit: Qubit, state: number): boolean => (state & bit(qubit)) !== 0;

/** σ⁻ = |0⟩⟨1| */
const lowering = (qubit: Qubit): OperatorForm =>
  levelOperator(
    states.filter((s) => isUp(qubit, s)).map((s) => ({ to: s & ~bit(qubit), from: s, value: 1 })),
  );

const sigmaZ = (qubit: Qubit): OperatorForm =>
  levelOperator(states.map((s) => ({ to: s, from: s, value: isUp(qubit, s) ? 1 : -1 })));

const field = (qubit: Qubit): Expression => parameter(`B${qubit}`);
const half = constant(0.5);

/** B_i σ_i^z, Eq. (2). */
const qubitEnergy = (qubit: Qubit): OperatorForm => scale(sigmaZ(qubit), field(qubit));

/** L_z²/2I, Eq. (2). */
const kinetic = ladderOperator(
  STATES,
  0,
  productOf(half, quotient(powerOf(level, 2), parameter('I'))),
);

/** λ(σ1⁺σ2⁻e^{iφ} + h.c.), Eq. (3). */
const forward = product(product(adjoint(lowering(1)), lowering(2)), ladderOperator(STATES, 1));
const interaction = scale(sum(forward, adjoint(forward)), parameter('lambda'));

/** cos kφ = (e^{ikφ} + e^{−ikφ})/2 */
const cosine = (k: number): OperatorForm =>
  scale(sum(ladderOperator(STATES, k), ladderOperator(STATES, -k)), 0.5);

/** V cos φ + V2 cos 2φ, which the paper does not have. */
const potential = sum(scale(cosine(1), parameter('V')), scale(cosine(2), parameter('V2')));

/** g_1 = g(1 − χ), g_2 = g(1 + χ), Eq. (15). */
const coupling = (qubit: Qubit): Expression => {
  const chi = parameter('chi');
  return productOf(
    parameter('g'),
    call('whole', qubit === 1 ? difference(ONE, chi) : sumOf(ONE, chi)),
  );
};

/** The bath of a qubit, and its pure dephasing, which the paper does not have: √κ σ^z. */
const qubitBath = (qubit: Qubit): ThermalBath => ({
  kind: 'thermal',
  name: `bath${qubit}`,
  beta: parameter(`beta${qubit}`),
  strength: coupling(qubit),
  coupling: lowering(qubit),
  frequency: productOf(constant(2), field(qubit)),
  others: [scale(sigmaZ(qubit), squareRoot(parameter(`kappa${qubit}`)))],
});

/**
 * The load, Eq. (17), as two jump operators. With a = β_r/4I its two dissipators equal ½(D[K₊] + D[K₋]),
 * K₊ = e^{iφ}(1 − aL_z), K₋ = e^{−iφ}(1 + aL_z), also on a window, so that each jump changes l by exactly one. The
 * prefactor 2Iγ/β_r is included.
 */
const load = (): ExplicitBath => {
  const amplitude = squareRoot(
    quotient(productOf(parameter('I'), parameter('gamma')), parameter('betaR')),
  );
  const tilt = productOf(constant(0.25), quotient(parameter('betaR'), parameter('I')), level);
  return {
    kind: 'explicit',
    name: 'load',
    jumps: [
      ladderOperator(STATES, 1, productOf(amplitude, difference(ONE, tilt))),
      ladderOperator(STATES, -1, productOf(amplitude, sumOf(ONE, tilt))),
    ],
  };
};

export const mill: Machine = {
  name: 'mill',
  states: STATES,
  energies: [
    { name: 'qubit1', symbol: 'B_1 σ_1^z', isHeat: true, operator: qubitEnergy(1) },
    { name: 'qubit2', symbol: 'B_2 σ_2^z', isHeat: true, operator: qubitEnergy(2) },
    { name: 'kinetic', symbol: 'L_z²/2I', isHeat: true, operator: kinetic },
    {
      name: 'interaction',
      symbol: 'λ(σ_1⁺σ_2⁻e^{iφ} + h.c.)',
      isHeat: false,
      operator: interaction,
    },
    { name: 'potential', symbol: 'V cos φ + V_2 cos 2φ', isHeat: false, operator: potential },
  ],
  baths: [qubitBath(1), qubitBath(2), load()],
};
