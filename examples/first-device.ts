/** One device at rest: what it does, how well, and how sure that is. */
import { steadyState } from 'quantum-mill';

const { operation, efficiency, carnotEfficiency, heat, flowErrors, rotor, converged } =
  await steadyState({ beta2: 0.03 });

console.log(`${operation}, converged: ${converged}`);
console.log(
  `heat from the hot bath ${heat.Q2.toFixed(9)} ± ${flowErrors?.heat.Q2?.toExponential(0)}`,
);
console.log(`efficiency ${efficiency?.toFixed(4)} of at most ${carnotEfficiency.toFixed(4)}`);
console.log(`the rotor turns with ⟨L_z⟩ = ${rotor.Lz.toFixed(6)} ħ`);
