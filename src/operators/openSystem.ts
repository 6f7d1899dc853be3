/** An open quantum system by its operators on a window. */
import type { Basis } from './basis.js';
import type { Jumps } from './jumps.js';
import type { Operator } from './operator.js';

/**
 * What a Lindblad generator is made from: ρ̇ = −i[H, ρ] + Σ_bath Σ_j D[A_j]ρ.
 * @typeParam B the baths' names, any but 'hamiltonian'; their order is that of the keys of `jumps`
 */
export interface OpenSystem<B extends string = string> extends Basis {
  readonly hamiltonian: Operator;
  readonly jumps: Readonly<Record<B, Jumps>>;
}

/** The same system with another H; its jumps are evaluated here. */
export const withHamiltonian = <B extends string>(
  { states, window, jumps }: OpenSystem<B>,
  hamiltonian: Operator,
): OpenSystem<B> => ({ states, window, hamiltonian, jumps });
