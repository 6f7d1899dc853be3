/**
 * Restarted flexible GMRES (Saad 1993), over any backend.
 *
 * Vectors are Hermitian matrices, which form a real vector space, and the maps keep them so: inner
 * products are real, and what rounding adds to their imaginary parts is dropped.
 */
import { type Backend, vectorNorm } from '../backend/backend.js';
import { HessenbergLeastSquares } from './hessenbergLeastSquares.js';
import { type LinearSolver, stalled } from './linearSolver.js';

const real = (re: number) => ({ re, im: 0 });

/** Share of ‖w‖² that has to be left for one pass to have been enough. */
const ENOUGH = 0.25;

/** Orthogonalises w against the basis; returns what was taken off and the norm of what is left. */
async function orthogonalise<V>(backend: Backend<V>, basis: readonly V[], w: V) {
  const taken = new Float64Array(basis.length + 1);
  for (let pass = 0; pass < 2; pass++) {
    const products = (await backend.dots([...basis, w], w)).map(({ re }) => re);
    const before = products.pop() ?? 0;
    await backend.addMultiples(
      products.map((product) => real(-product)),
      basis,
      w,
    );
    let left = before;
    products.forEach((product, k) => {
      taken[k] += product;
      left -= product * product;
    });
    if (left > ENOUGH * before) return { taken, length: Math.sqrt(left) };
  }
  return { taken, length: await vectorNorm(backend, w) };
}

/** @param restart steps after which the basis is thrown away: 2·restart vectors are kept */
export const gmres =
  (restart: number): LinearSolver =>
  async (system, b, x, { tolerance, iterations: most, patience, onIteration }) => {
    const { backend, size, inverse, remainder } = system;
    const owned: (typeof b)[] = [];
    const vector = async () => {
      const made = await backend.allocate(size);
      owned.push(made);
      return made;
    };
    try {
      const u = await vector();
      const basis: (typeof b)[] = [];
      const directions: (typeof b)[] = [];
      const scale = await vectorNorm(backend, b);
      let iterations = 0;
      let residual = scale === 0 ? 0 : 1;
      let going = true;
      const history = [residual];
      while (going && residual > tolerance && iterations < most) {
        // r = b − A x with x = M⁻¹ u, in the place of the first basis vector.
        basis[0] ??= await vector();
        if (iterations === 0) {
          await backend.copy(b, basis[0]);
        } else {
          if (remainder === null) await backend.scale(real(0), basis[0]);
          else await remainder.apply(x, basis[0]);
          await backend.axpy(real(1), u, basis[0]);
          await backend.scale(real(-1), basis[0]);
          await backend.axpy(real(1), b, basis[0]);
        }
        const beta = await vectorNorm(backend, basis[0]);
        if (beta === 0) return { iterations, residual: 0 };
        await backend.scale(real(1 / beta), basis[0]);

        const squares = new HessenbergLeastSquares(beta);
        for (let j = 0; j < restart && going && residual > tolerance && iterations < most; j++) {
          directions[j] ??= await vector();
          basis[j + 1] ??= await vector();
          await inverse.apply(basis[j], directions[j]);
          if (remainder === null) await backend.scale(real(0), basis[j + 1]);
          else await remainder.apply(directions[j], basis[j + 1]);
          const done = await orthogonalise(backend, basis.slice(0, j + 1), basis[j + 1]);
          const { taken: column, length } = done;
          // Of A M⁻¹ = 1 + R M⁻¹ the 1 adds nothing that would have to be taken off.
          column[j]++;
          iterations++;
          // A breakdown: the space of searches holds no more, whether it holds the solution or not.
          if (!squares.add(column, length)) {
            going = false;
            break;
          }
          residual = squares.remainder / scale;
          history.push(residual);
          going = (await onIteration?.(iterations, residual)) ?? true;
          if (stalled(history, patience)) going = false;
          if (length === 0) break;
          await backend.scale(real(1 / length), basis[j + 1]);
        }
        const y = squares.solution();
        await backend.addMultiples(y.map(real), directions.slice(0, y.length), x);
        // For the residual of a restart.
        if (going && residual > tolerance && iterations < most) {
          await backend.addMultiples(y.map(real), basis.slice(0, y.length), u);
        }
      }
      return { iterations, residual };
    } finally {
      for (const made of owned) backend.release(made);
    }
  };
