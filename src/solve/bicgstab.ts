/**
 * BiCGStab (van der Vorst 1992) on A M⁻¹, over any backend: seven vectors whatever the number of steps,
 * two applications a step. As in gmres.ts, inner products of Hermitian vectors are real.
 */
import { type Backend, vectorNorm } from '../backend/backend.js';
import { applyBoth, type LinearSolver, stalled } from './linearSolver.js';

const real = (re: number) => ({ re, im: 0 });

async function product<V>(backend: Backend<V>, x: V, y: V): Promise<number> {
  return (await backend.dot(x, y)).re;
}

export const bicgstab: LinearSolver = async (
  system,
  b,
  x,
  { tolerance, iterations: most, patience, onIteration },
) => {
  const { backend, size } = system;
  const owned: (typeof b)[] = [];
  const vector = async () => {
    const made = await backend.allocate(size);
    owned.push(made);
    return made;
  };
  try {
    const scale = await vectorNorm(backend, b);
    let residual = scale === 0 ? 0 : 1;
    let iterations = 0;
    const history = [residual];
    const r = await vector();
    const shadow = await vector();
    const p = await vector();
    const v = await vector();
    const t = await vector();
    /** M⁻¹ of what is applied next. */
    const z = await vector();
    await backend.copy(b, r);
    await backend.copy(b, shadow);
    let rho = 1;
    let alpha = 1;
    let omega = 1;
    /** Counts applications; whether to go on. */
    const told = async (left: number): Promise<boolean> => {
      iterations++;
      residual = left / scale;
      history.push(residual);
      return ((await onIteration?.(iterations, residual)) ?? true) && !stalled(history, patience);
    };
    while (residual > tolerance && iterations < most) {
      const before = rho;
      rho = await product(backend, shadow, r);
      // A breakdown: the residual is orthogonal to the first one. What there is is kept.
      if (rho === 0 || omega === 0) break;
      // p ← r + β (p − ω v)
      const beta = (rho / before) * (alpha / omega);
      await backend.axpy(real(-omega), v, p);
      await backend.scale(real(beta), p);
      await backend.axpy(real(1), r, p);
      await applyBoth(system, p, z, v);
      alpha = rho / (await product(backend, shadow, v));
      if (!Number.isFinite(alpha)) break;
      await backend.axpy(real(alpha), z, x);
      await backend.axpy(real(-alpha), v, r);
      if (!(await told(await vectorNorm(backend, r)))) break;
      if (residual <= tolerance || iterations >= most) break;
      await applyBoth(system, r, z, t);
      const [tr, tt] = await backend.dots([r, t], t);
      if (tt.re === 0) break;
      omega = tr.re / tt.re;
      await backend.axpy(real(omega), z, x);
      await backend.axpy(real(-omega), t, r);
      if (!(await told(await vectorNorm(backend, r)))) break;
    }
    return { iterations, residual };
  } finally {
    for (const made of owned) backend.release(made);
  }
};
