/**
 * What the commands print, from dense matrices and the formulas of the paper: steady states and evolutions of both
 * models, what a device does and how well, rectification, where a model holds.
 */
import {
  Dense,
  type DenseChannels,
  globalChannels,
  hamiltonians,
  hermitianEigenvalues,
  localChannels,
  type Numbers,
  operators,
} from './dense.js';
import {
  denseObservables,
  denseSolver,
  hermitianFunction,
  traceOfProduct,
  traceOutInner,
  traceOutOuter,
} from './denseThermodynamics.js';

export type Model = 'local' | 'global';

export interface Window {
  readonly lmin: number;
  readonly lmax: number;
}

export interface DenseDevice {
  readonly p: Numbers;
  readonly model: Model;
  readonly window: Window;
  readonly channels: DenseChannels;
  /** Ω, the larger 2B; null in the local model. */
  readonly cutoff: number | null;
}

export function denseDevice(p: Numbers, model: Model, window: Window): DenseDevice {
  const { lmin, lmax } = window;
  const cutoff = model === 'local' ? null : 2 * Math.max(p.B1, p.B2);
  const channels =
    model === 'local' ? localChannels(p, lmin, lmax) : globalChannels(p, lmin, lmax, cutoff);
  return { p, model, window, channels, cutoff };
}

export const denseSteady = ({ channels: { total } }: DenseDevice): Dense =>
  denseSolver(total)(new Float64Array(2 * total.n), 1);

/** e^{Lt}ρ by Taylor's series over steps in which no term is larger than the state. */
export function denseExponential(l: Dense, rho: Dense, t: number): Dense {
  let norm = 0;
  for (let i = 0; i < l.n; i++) {
    let sum = 0;
    for (let j = 0; j < l.n; j++) sum += Math.hypot(l.re[i * l.n + j], l.im[i * l.n + j]);
    norm = Math.max(norm, sum);
  }
  const steps = Math.ceil(norm * t);
  let state = rho.vector();
  for (let step = 0; step < steps; step++) {
    let term = state;
    const sum = state.slice();
    for (let k = 1; k <= 20; k++) {
      term = l.apply(term).map((x) => (x * t) / steps / k);
      for (let i = 0; i < sum.length; i++) sum[i] += term[i];
    }
    state = sum;
  }
  return Dense.ofVector(state);
}

/** Every observable of a state, Eqs. (18)–(35). */
export function denseNumbers({ p, model, window, channels }: DenseDevice, rho: Dense) {
  const { lmin, lmax } = window;
  const h = hamiltonians(p, lmin, lmax);
  const local = denseObservables(p, lmin, lmax, channels, rho);
  const v = rho.vector();
  const image = (channel: Dense) => Dense.ofVector(channel.apply(v));
  const [first, second] = [image(channels.bath1), image(channels.bath2)];
  const dU = traceOfProduct(h.total, image(channels.total));
  const inInteraction = traceOfProduct(h.interaction, first.plus(second));
  const heat =
    model === 'local'
      ? local.heat
      : {
          Q1: traceOfProduct(h.total, first), // Eq. (29)
          Q2: traceOfProduct(h.total, second),
          Qr: local.heat.Qr,
        };
  const work = {
    ...local.work,
    WQ: model === 'local' ? local.work.WQ : 0,
    // Of the whole machine's baths the potential's part is heat.
    V: model === 'local' ? local.work.V : traceOfProduct(h.potential, image(channels.load)),
    interaction: inInteraction,
  };
  const withoutWr = dU - (heat.Q1 + heat.Q2 + heat.Qr + work.WQ + work.V);
  const [p00, p01, p10, p11] = local.qubits.populations;
  return {
    ...local,
    heat,
    work,
    dU,
    firstLaw: withoutWr - work.Wr,
    firstLawWithoutWr: withoutWr,
    qubits: { ...local.qubits, p00, p01, p10, p11 },
    purity: traceOfProduct(rho, rho),
    concurrence: denseConcurrence(traceOutInner(rho, 4)),
  };
}

/** Wootters' formula as it stands: the roots of the eigenvalues of √ρ ρ̃ √ρ. */
export function denseConcurrence(rho: Dense): number {
  const flip = Dense.from(4, (i, j) => (i + j !== 3 ? 0 : i === 0 || i === 3 ? -1 : 1));
  const root = hermitianFunction(rho, (x) => Math.sqrt(Math.max(0, x)));
  const tilde = flip.dot(rho.conjugate()).dot(flip);
  const [a, b, c, d] = hermitianEigenvalues(root.dot(tilde).dot(root))
    .map((x) => Math.sqrt(Math.max(0, x)))
    .sort((x, y) => y - x);
  return Math.max(0, a - b - c - d);
}

/** P(φ) = ⟨φ|ρ|φ⟩ with ⟨φ|l⟩ = e^{ilφ}/√2π. */
export function denseAngle({ window: { lmin } }: DenseDevice, rho: Dense, count: number): number[] {
  const rotor = traceOutOuter(rho, 4);
  return Array.from({ length: count }, (_, k) => {
    const angle = (2 * Math.PI * k) / count;
    let sum = 0;
    for (let i = 0; i < rotor.n; i++) {
      for (let j = 0; j < rotor.n; j++) {
        const phase = (lmin + i - (lmin + j)) * angle;
        sum += rotor.re[i * rotor.n + j] * Math.cos(phase);
        sum -= rotor.im[i * rotor.n + j] * Math.sin(phase);
      }
    }
    return sum / (2 * Math.PI);
  });
}

/** Table I, Eqs. (36) and (37) and the bounds, cold and hot by their temperatures. */
export function densePerformance(
  { beta1, beta2 }: Numbers,
  { Q1, Q2 }: { Q1: number; Q2: number },
  W: number,
) {
  const isSecondHot = beta2 < beta1;
  const cold = isSecondHot ? { beta: beta1, Q: Q1 } : { beta: beta2, Q: Q2 };
  const hot = isSecondHot ? { beta: beta2, Q: Q2 } : { beta: beta1, Q: Q1 };
  const isEngine = cold.Q < 0 && hot.Q > 0 && W < 0;
  const isRefrigerator = cold.Q > 0 && hot.Q < 0 && W > 0;
  const isAccelerator = cold.Q < 0 && hot.Q > 0 && W > 0;
  const operation = isEngine
    ? 'engine'
    : isRefrigerator
      ? 'refrigerator'
      : isAccelerator
        ? 'accelerator'
        : 'other';
  const efficiency = isEngine ? -W / hot.Q : null;
  const cop = isRefrigerator ? cold.Q / W : null;
  const carnotEfficiency = 1 - hot.beta / cold.beta;
  const refrigeratorBound = hot.beta / (cold.beta - hot.beta);
  return {
    operation,
    efficiency,
    cop,
    carnotEfficiency,
    carnotCop: cold.beta / (cold.beta - hot.beta),
    refrigeratorBound,
    boundExceeded:
      (efficiency ?? Number.NEGATIVE_INFINITY) > carnotEfficiency ||
      (cop ?? Number.NEGATIVE_INFINITY) > refrigeratorBound,
  };
}

/** The ratios that a model takes to be small. */
export function denseValidity({ p, model, window, cutoff }: DenseDevice) {
  const couplings = [p.g * (1 - p.chi), p.g * (1 + p.chi)];
  const fields = [p.B1, p.B2];
  const betas = [p.beta1, p.beta2];
  const load = p.betaR / (4 * p.I);
  if (model === 'local') {
    const damping = couplings.map((g, i) => (g * g) / (2 * fields[i]));
    return {
      load,
      localLoad: null,
      weakCoupling: Math.max(...damping),
      local: Math.abs(p.lambda) / (2 * Math.min(...fields)),
      secular: null,
    };
  }
  const Omega = cutoff as number;
  const density = couplings.map(
    (g, i) => (g * g * 2 * fields[i]) / (1 + ((2 * fields[i]) / Omega) ** 2),
  );
  const rates = density.map((J, i) => J / Math.tanh(betas[i] * fields[i]));
  const far = 400;
  let splitting = Number.POSITIVE_INFINITY;
  for (let k = window.lmin - far; k <= window.lmax + far; k++) {
    const h = p.B1 - p.B2 + (2 * k + 1) / (4 * p.I);
    splitting = Math.min(splitting, 2 * Math.hypot(h, p.lambda));
  }
  return {
    load,
    localLoad: p.gamma / Math.abs(p.lambda),
    weakCoupling: Math.max(...density.map((J, i) => J / (2 * fields[i]))),
    local: null,
    secular: Math.max(...rates) / splitting,
  };
}

/** Both directions of a rectifier, Eqs. (38)–(43). */
export function denseRectification(p: Numbers, model: Model, window: Window) {
  const direction = (numbers: Numbers) => {
    const device = denseDevice(numbers, model, window);
    const { heat, rotor } = denseNumbers(device, denseSteady(device));
    return { device, Q1: heat.Q1, Q2: heat.Q2, Lz: rotor.Lz, populations: rotor.populations };
  };
  const forward = direction(p);
  const swapped = direction({ ...p, beta1: p.beta2, beta2: p.beta1 });
  // The hot bath gives the heat, before and after.
  const [Q, Qswap] = p.beta2 < p.beta1 ? [forward.Q2, swapped.Q1] : [forward.Q1, swapped.Q2];
  const [L, Lswap] = [forward.Lz, swapped.Lz];
  const J = Math.max(Math.abs(L), Math.abs(Lswap));
  return {
    forward,
    swapped,
    heat: {
      R: Math.abs((Q - Qswap) / (Q + Qswap)),
      J: Math.max(Math.abs(Q), Math.abs(Qswap)) / (Math.abs(p.lambda) * p.g ** 2),
    },
    signed: { R: Math.abs((L - Lswap) / (L + Lswap)), J },
    magnitude: {
      R: Math.abs((Math.abs(L) - Math.abs(Lswap)) / (Math.abs(L) + Math.abs(Lswap))),
      J,
    },
  };
}

/** A product state of two qubits and a rotor: diagonal qubits by their populations of "up", a ket of the rotor. */
export function denseProduct(
  qubit1: Dense,
  qubit2: Dense,
  ket: readonly (readonly [number, number])[],
): Dense {
  const rotor = Dense.from(ket.length, (i, j) => [
    ket[i][0] * ket[j][0] + ket[i][1] * ket[j][1],
    ket[i][1] * ket[j][0] - ket[i][0] * ket[j][1],
  ]);
  return qubit1.kron(qubit2).kron(rotor);
}

/** A qubit at its own bath: p(up) = 1/(e^{2βB} + 1). */
export const denseThermal = (beta: number, field: number): Dense => {
  const up = 1 / (Math.exp(2 * beta * field) + 1);
  return Dense.from(2, (i, j) => (i !== j ? 0 : i === 1 ? up : 1 - up));
};

export const denseEntropy = (rho: Dense): number =>
  hermitianEigenvalues(rho).reduce((sum, x) => (x > 0 ? sum - x * Math.log(x) : sum), 0);

/** What the load alone does in a time t. */
export const afterLoad = ({ channels }: DenseDevice, rho: Dense, t: number): Dense =>
  denseExponential(channels.load, rho, t);

/** ⟨σ_1⁺σ_2⁻e^{iφ}⟩ as a complex number, and the populations of "up". */
export function denseQubitNumbers({ window: { lmin, lmax } }: DenseDevice, rho: Dense) {
  const { lower1, lower2, shift } = operators(lmin, lmax);
  const mean = (a: Dense) => a.dot(rho).trace();
  const [coherence, coherence_imag] = mean(lower1.dagger().dot(lower2).dot(shift));
  return {
    n1: mean(lower1.dagger().dot(lower1))[0],
    n2: mean(lower2.dagger().dot(lower2))[0],
    coherence,
    coherence_imag,
  };
}
