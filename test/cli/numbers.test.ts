/**
 * Every number that the commands print, against dense matrices and the formulas of the paper: a sign or a factor
 * that is wrong in one of them fails here, and so does a number that has no entry.
 */
import { describe, expect, test } from 'vitest';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { Trajectories } from '../../src/simulate/trajectories.js';
import { qmill } from '../support/commandLine.js';
import { Dense, hamiltonians, hermitianEigenvalues, type Numbers } from '../support/dense.js';
import { denseCollision, denseCollisionMap } from '../support/denseCollision.js';
import {
  afterLoad,
  type DenseDevice,
  denseAngle,
  denseDevice,
  denseEntropy,
  denseExponential,
  denseNumbers,
  densePerformance,
  denseProduct,
  denseQubitNumbers,
  denseRectification,
  denseSteady,
  denseThermal,
  denseValidity,
  type Model,
} from '../support/denseNumbers.js';
import { denseSolver, traceOfProduct } from '../support/denseThermodynamics.js';

const window = { lmin: -1, lmax: 2 };
/** Where very many states are solved for densely. */
const narrow = { lmin: -1, lmax: 1 };

/** An engine with its hot bath at qubit 2, and a refrigerator with it at qubit 1. Nothing in them is symmetric. */
const devices = {
  engine: {
    ...{ beta1: 0.9, beta2: 0.2, betaR: 0.4, B1: 1, B2: 2.5, g: 0.7, chi: 0.3 },
    ...{ lambda: 0.4, gamma: 0.05, I: 0.8, V: 0 },
  },
  refrigerator: {
    ...{ beta1: 0.8, beta2: 1, betaR: 0.5, B1: 2.2, B2: 0.9, g: 0.6, chi: -0.2 },
    ...{ lambda: -0.5, gamma: 0.08, I: 1.3, V: 0 },
  },
  pendulum: {
    ...{ beta1: 0.9, beta2: 0.2, betaR: 0.4, B1: 1, B2: 2.5, g: 0.7, chi: 0.3 },
    ...{ lambda: 0.4, gamma: 0.05, I: 0.8, V: 0.6 },
  },
} as const satisfies Record<string, Numbers>;
type Name = keyof typeof devices;

const cases: readonly (readonly [Name, Model])[] = [
  ['engine', 'local'],
  ['engine', 'global'],
  ['refrigerator', 'local'],
  ['refrigerator', 'global'],
];

const flagsOf = (name: Name, model: Model, { lmin, lmax } = window): string[] => [
  ...Object.entries(devices[name]).flatMap(([key, value]) => [`--${key}`, String(value)]),
  ...['--model', model, '--lmin', String(lmin), '--lmax', String(lmax)],
];

const known = new Map<string, { device: DenseDevice; steady: Dense }>();
function solved(name: Name, model: Model) {
  const key = `${name} ${model}`;
  let found = known.get(key);
  if (found === undefined) {
    const device = denseDevice(devices[name], model, window);
    found = { device, steady: denseSteady(device) };
    known.set(key, found);
  }
  return found;
}

/** A number near another by less than what is said. */
class Near {
  constructor(
    readonly value: number,
    readonly tolerance: number,
  ) {}
}
/** A number about which only so much is known. */
class Within {
  constructor(
    readonly low: number,
    readonly high: number,
  ) {}
}

const RELATIVE = 1e-9;
const ABSOLUTE = 1e-12;
/** What is judged by nothing but being a number: how long it took, and what it took. */
const anything = new Within(0, Number.POSITIVE_INFINITY);
/** Rounding. */
const rounding = new Within(0, 1e-9);

/** Which numbers have been compared with one that its opposite, or its double, is far from. */
const seen = new Map<string, boolean>();

function noteSensitive(path: string, value: number, tolerance: number): void {
  const plain = path.replaceAll(/\[\d+\]/g, '[]');
  seen.set(plain, (seen.get(plain) ?? false) || Math.abs(value) > 1.5 * tolerance);
}

/** Compares what is printed with what is expected; every number that is printed has to be. */
function compare(printed: unknown, expected: unknown, path: string): void {
  if (expected instanceof Within) {
    expect(printed, path).toBeGreaterThanOrEqual(expected.low);
    expect(printed, path).toBeLessThanOrEqual(expected.high);
  } else if (expected instanceof Near || typeof expected === 'number') {
    const { value, tolerance } =
      expected instanceof Near
        ? expected
        : { value: expected, tolerance: RELATIVE * Math.abs(expected) + ABSOLUTE };
    noteSensitive(path, value, tolerance);
    expect(typeof printed, path).toBe('number');
    expect(
      Math.abs((printed as number) - value),
      `${path}: ${printed}, not ${value}`,
    ).toBeLessThanOrEqual(tolerance);
  } else if (typeof expected !== 'object' || expected === null) {
    // Words need no entry; numbers, and what stands for none of them, do.
    if (expected === undefined && typeof printed !== 'number' && printed !== null) {
      if (typeof printed !== 'object') return;
      for (const [key, value] of Object.entries(printed)) {
        compare(value, undefined, Array.isArray(printed) ? `${path}[${key}]` : `${path}.${key}`);
      }
      return;
    }
    expect(printed, path).toBe(expected === undefined ? 'a number with an entry' : expected);
  } else if (Array.isArray(expected)) {
    expect(printed, path).toHaveLength(expected.length);
    expected.forEach((value, i) => {
      compare((printed as unknown[])[i], value, `${path}[${i}]`);
    });
  } else {
    const [a, b] = [printed, expected] as Record<string, unknown>[];
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      compare(a[key], b[key], `${path}.${key}`);
    }
  }
}

function printedBy(command: string, flags: readonly string[]): Record<string, unknown> {
  const { stdout, stderr } = qmill([command, ...flags, '--json']);
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout);
}

const common = (name: Name, { cutoff }: DenseDevice) => ({
  parameters: { ...devices[name], V2: 0, kappa1: 0, kappa2: 0 },
  ...(cutoff === null ? {} : { cutoff }),
  backend: { adapter: null },
});

const edgesOf = (populations: readonly number[], levels = window) => ({
  ...levels,
  edgeLow: populations[0],
  edgeHigh: populations[populations.length - 1],
});

const smallest = (rho: Dense) => new Near(Math.min(...hermitianEigenvalues(rho)), 1e-11);

describe('qmill steady', () => {
  const solver = {
    ...{ iterations: anything, passes: anything, residualFloor: rounding, seconds: anything },
    ...{ residual: rounding, relativeResidual: rounding, traceError: rounding },
    hermiticityError: rounding,
  };

  test.each([...cases, ['pendulum', 'local'] as const])('%s, %s', (name, model) => {
    const { device, steady } = solved(name, model);
    const { dU: _, ...numbers } = denseNumbers(device, steady);
    const inBand = devices[name].V !== 0;
    const error = new Within(0, 1e-12);
    compare(
      printedBy('steady', [...flagsOf(name, model), ...(inBand ? ['--space', 'full'] : [])]),
      {
        ...common(name, device),
        solver: {
          ...solver,
          dmax: null,
          bandError: null,
          errorEstimate: inBand ? rounding : null,
          smallestEigenvalue: { value: smallest(steady) },
        },
        truncation: edgesOf(numbers.rotor.populations),
        validity: denseValidity(device),
        ...numbers,
        flowErrors: inBand
          ? null
          : {
              heat: { Q1: error, Q2: error, Qr: error },
              work: { WQ: error, Wr: error, V: error, interaction: error },
              intrinsic: error,
              Lz: error,
            },
        ...densePerformance(devices[name], numbers.heat, numbers.work.WQ),
      },
      'steady',
    );
  });
});

describe('qmill rectify', () => {
  test.each(cases)('%s, %s', (name, model) => {
    const p = devices[name];
    const found = denseRectification(p, model, narrow);
    const printed = printedBy('rectify', [
      ...flagsOf(name, model, narrow).filter(
        (flag, i, all) => flag !== '--V' && all[i - 1] !== '--V',
      ),
      ...['--over', 'chi=0.1:0.3', '--alpha', '0.25'],
    ]);
    const direction = ({ device, Q1, Q2, Lz, populations }: typeof found.forward) => ({
      ...{ Q1, Q2, Lz, ...narrow, residual: rounding },
      edge: Math.max(populations[0], populations[populations.length - 1]),
      cutoff: device.cutoff,
      validity: denseValidity(device),
    });
    type Sample = { parameters: { chi: number } };
    /** What a device of the search is, wherever it was found. */
    const sampleAt = ({ parameters: { chi } }: Sample) => {
      expect(chi).toBeGreaterThanOrEqual(0.1);
      expect(chi).toBeLessThanOrEqual(0.3);
      const at = denseRectification({ ...p, chi }, model, narrow);
      return { parameters: { chi }, heat: at.heat, angular: at.signed };
    };
    const { best, pareto } = printed as unknown as {
      best: (Sample & { quantity: 'heat' | 'angular' })[];
      pareto: Record<'heat' | 'angular', Sample[]>;
    };
    expect(best.map(({ quantity }) => quantity).sort()).toEqual(['angular', 'heat']);
    // All of a front have the same form; the ends of it are solved again.
    const front = (all: Sample[]) =>
      all.map((sample, i) =>
        i === 0 || i === all.length - 1
          ? sampleAt(sample)
          : {
              parameters: { chi: new Within(0.1, 0.3) },
              heat: { R: anything, J: anything },
              angular: { R: anything, J: anything },
            },
      );
    compare(
      printed,
      {
        ...common(name, found.forward.device),
        cutoff: found.forward.device.cutoff,
        solver: { seconds: anything, evaluations: anything },
        forward: direction(found.forward),
        swapped: direction(found.swapped),
        heat: found.heat,
        angular: { ...found.signed, signed: found.signed, magnitude: found.magnitude },
        over: { chi: { from: 0.1, to: 0.3 } },
        best: best.map((one) => {
          const sample = sampleAt(one);
          const { R, J } = sample[one.quantity];
          return { ...sample, alpha: 0.25, Gamma: 0.25 * R + 0.75 * J };
        }),
        pareto: { heat: front(pareto.heat), angular: front(pareto.angular) },
      },
      'rectify',
    );
  });
});

describe('qmill evolve', () => {
  const times = [0.1, 0.4];

  test.each([...cases, ['pendulum', 'local'] as const])('%s, %s', (name, model) => {
    const p = devices[name];
    const { device } = solved(name, model);
    // Of |0⟩ + i/2 |1⟩, with qubit 2 up.
    const norm = Math.sqrt(1.25);
    const up = Dense.from(2, (i, j) => (i === 1 && j === 1 ? 1 : 0));
    const start = denseProduct(denseThermal(p.beta1, p.B1), up, [
      [0, 0],
      [1 / norm, 0],
      [0, 0.5 / norm],
      [0, 0],
    ]);
    let rho = start;
    const states = times.map((t, i) => {
      rho = denseExponential(device.channels.total, rho, t - (i === 0 ? 0 : times[i - 1]));
      return rho;
    });
    const last = denseNumbers(device, states[1]).rotor.populations;
    const near = (value: unknown): unknown =>
      typeof value === 'number'
        ? new Near(value, 1e-9 * Math.abs(value) + 1e-10)
        : Array.isArray(value)
          ? value.map(near)
          : Object.fromEntries(
              Object.entries(value as object).map(([key, inner]) => [key, near(inner)]),
            );
    compare(
      printedBy('evolve', [
        ...[...flagsOf(name, model), '--times', times.join(), '--qubit2', 'up'],
        ...['--rotor', "{superposition: {0: 1, 1: '0.5i'}}", '--angles', '3'],
        ...(p.V === 0 ? [] : ['--space', 'full']),
      ]),
      {
        ...common(name, device),
        initial: { rotor: { superposition: { 0: 1, 1: '0.5i' } } },
        truncation: {
          ...(near(edgesOf(last)) as object),
          ...window,
          largestEdge: new Within(Math.max(last[0], last[3]) * (1 - RELATIVE), 1),
        },
        validity: denseValidity(device),
        solver: {
          ...{ rtol: new Within(1e-12, 1e-12), atol: new Within(1e-15, 1e-15) },
          ...{ steps: { accepted: anything, rejected: anything } },
          ...{ seconds: anything, dmax: null, bandEdge: null },
        },
        snapshots: states.map((state, i) => {
          const numbers = denseNumbers(device, state);
          return {
            ...(near({
              ...numbers,
              rotor: { ...numbers.rotor, angle: denseAngle(device, state, 3) },
              edgeLow: numbers.rotor.populations[0],
              edgeHigh: numbers.rotor.populations[3],
            }) as object),
            t: times[i],
            traceError: rounding,
            hermiticityError: rounding,
            smallestEigenvalue: new Near(Math.min(...hermitianEigenvalues(state)), 1e-9),
          };
        }),
      },
      'evolve',
    );
  });
});

describe('qmill collide', () => {
  const [tau, nmax] = [0.3, 2];

  test.each(['engine', 'refrigerator'] as const)('%s', (name) => {
    const p = devices[name];
    const device = denseDevice(p, 'local', narrow);
    const h = hamiltonians(p, narrow.lmin, narrow.lmax);
    const free = h.qubit1.plus(h.qubit2).plus(h.kinetic);
    const change = (x: Dense, after: Dense, before: Dense) =>
      traceOfProduct(x, after.plus(before, -1)) / tau;
    const collided = (before: Dense) => {
      const { after, Q1: q1, Q2: q2, WQ: w } = denseCollision(p, narrow, nmax, tau, before);
      const end = afterLoad(device, after, tau);
      const [Q1, Q2, WQ] = [q1 / tau, q2 / tau, w / tau];
      const Qr = change(free, end, after);
      const Wr = change(h.interaction, end, after);
      const dU = change(h.total, end, before);
      const { rotor } = denseNumbers(device, end);
      const record = {
        ...{ Q1, Q2, Qr, WQ, Wr, dU, firstLaw: dU - (Q1 + Q2 + Qr + WQ + Wr) },
        entropyProduction:
          (denseEntropy(after) - denseEntropy(before)) / tau - p.beta1 * Q1 - p.beta2 * Q2,
        ...{ Lz: rotor.Lz, Lz2: rotor.Lz2, ...denseQubitNumbers(device, end) },
      };
      return { end, record, populations: rotor.populations };
    };
    const up = Dense.from(2, (i, j) => (i === 1 && j === 1 ? 1 : 0));
    const start = denseProduct(up, denseThermal(p.beta2, p.B2), [
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
    const first = collided(start);
    const second = collided(first.end);
    const step = denseCollisionMap(p, narrow, nmax, tau);
    // M ρ − ρ = 0 of a collision and the load after it.
    const map = new Dense(step.n);
    for (let j = 0; j < step.n; j++) {
      const unit = new Float64Array(2 * step.n);
      unit[2 * j] = 1;
      const image = afterLoad(device, Dense.ofVector(step.apply(unit)), tau).vector();
      for (let i = 0; i < step.n; i++) {
        map.re[i * step.n + j] = image[2 * i] - (i === j ? 1 : 0);
        map.im[i * step.n + j] = image[2 * i + 1];
      }
    }
    const fixed = denseSolver(map)(new Float64Array(2 * step.n), 1);
    const steady = collided(fixed);
    const edge = (all: readonly (readonly number[])[], i: number) =>
      Math.max(...all.map((populations) => populations[i]));
    const along = [[0, 0, 1], first.populations, second.populations];
    compare(
      printedBy('collide', [
        ...flagsOf(name, 'local', narrow).filter(
          (flag, i, all) => ![flag, all[i - 1]].some((one) => one === '--V' || one === '--model'),
        ),
        ...['--tau', String(tau), '--nmax', String(nmax), '--collisions', '2', '--steady'],
        ...['--qubit1', 'up', '--rotor', '1'],
      ]),
      {
        ...common(name, device),
        ...{ tau, nmax, initial: { rotor: 1 }, solver: { seconds: anything } },
        baths: [2 * p.beta1 * p.B1, 2 * p.beta2 * p.B2].map((x) => ({
          nmax,
          weightCut: Math.exp(-x * (nmax + 1)),
        })),
        truncation: { ...narrow, edgeLow: edge(along, 0), edgeHigh: edge(along, 2) },
        validity: {
          ...{ load: p.betaR / (4 * p.I), localLoad: null, weakCoupling: null },
          ...{ local: null, secular: null },
        },
        collisions: [first, second].map(({ record }, i) => ({
          ...{ step: i + 1, t: (i + 1) * tau },
          ...record,
        })),
        steady: {
          ...steady.record,
          populations: steady.populations,
          ...{ residual: rounding, traceError: rounding },
          truncation: edgesOf(steady.populations, narrow),
        },
      },
      'collide',
    );
  });
});

describe('qmill trajectories', () => {
  const [t, count, seed] = [0.5, 3000, 4];
  const BARS = 4.5;

  test.each(cases)('%s, %s', (name, model) => {
    const p = devices[name];
    const { device } = solved(name, model);
    const { channels } = device;
    const one = (place: number) => Dense.from(2, (i, j) => (i === place && j === place ? 1 : 0));
    const start = denseProduct(one(1), one(0), [
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
    // Simpson's rule for what is exchanged until then.
    const STEPS = 20;
    const along = [start];
    for (let k = 0; k < STEPS; k++) {
      along.push(denseExponential(channels.total, along[k], t / STEPS));
    }
    const integral = (f: (rho: Dense) => number) =>
      along.reduce((sum, rho, k) => {
        const weight = k === 0 || k === STEPS ? 1 : k % 2 === 1 ? 4 : 2;
        return sum + (weight * t * f(rho)) / STEPS / 3;
      }, 0);
    const h = hamiltonians(p, window.lmin, window.lmax);
    const free = h.qubit1.plus(h.qubit2).plus(h.kinetic);
    const counted = model === 'local' ? free : h.total;
    const sources = [
      [channels.bath1, counted],
      [channels.bath2, counted],
      [channels.load, free],
    ] as const;
    /** The operator of which the mean is Tr[X 𝓛ρ]. */
    const adjoint = (channel: Dense, x: Dense) =>
      Dense.ofVector(channel.dagger().apply(x.vector()));
    const heats = sources.map(([channel, x]) => adjoint(channel, x));
    const end = denseNumbers(device, along[STEPS]);

    // Every trajectory's own numbers.
    const parameters = deviceParameters({ ...p, model });
    const initial = initialState(parameters, { qubit1: 'up', qubit2: 'down', rotor: 1 });
    const trajectories = new Trajectories({ parameters, ...window, initial, times: [t], seed });
    const samples = Array.from(
      { length: count },
      (_, n) => trajectories.moments(n, n + 1)[0].means,
    );
    const column = (k: number) => {
      const values = samples.map((means) => means[k]);
      const mean = values.reduce((sum, x) => sum + x, 0) / count;
      const spread = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
      return { mean, standardError: Math.sqrt(spread / count) };
    };
    /** @param reach the least and the most that one trajectory more may be off */
    const estimate = (k: number, wanted: number, reach: (mean: number) => [number, number]) => {
      const { mean, standardError } = column(k);
      const [least, most] = reach(mean);
      return {
        mean: new Near(wanted, BARS * standardError + 1e-9),
        standardError: new Near(standardError, 1e-9),
        error: new Within(
          Math.hypot(standardError, least / count) * (1 - 1e-9),
          Math.hypot(standardError, most / count) * (1 + 1e-9),
        ),
      };
    };
    const between =
      (low: number, high: number) =>
      (mean: number): [number, number] => {
        const far = Math.max(mean - low, high - mean);
        return [far, far];
      };
    /** Of a mean whose bounds are those of a sum of circles: at least the exact ones. */
    const atLeast =
      (low: number, high: number, slack: number) =>
      (mean: number): [number, number] => {
        const far = Math.max(mean - low, high - mean);
        return [far, 3 * far + slack];
      };
    const flow = (b: number, wanted: number) => {
      const eigenvalues = hermitianEigenvalues(heats[b]);
      return estimate(b, wanted, atLeast(Math.min(...eigenvalues), Math.max(...eigenvalues), 0));
    };
    const largest = 2 * Math.max(p.B1, p.B2) + 3 / p.I + Math.abs(p.lambda);
    const exchanged = (b: number) =>
      estimate(
        3 + b,
        integral((rho) => traceOfProduct(heats[b], rho)),
        () => [0, 10 * largest],
      );
    const jumps = (b: number, wanted: number) => estimate(6 + b, wanted, () => [1, 30]);
    compare(
      printedBy('trajectories', [
        ...[...flagsOf(name, model), '--times', String(t), '--count', String(count)],
        ...['--seed', String(seed), '--threads', '1'],
        ...['--qubit1', 'up', '--qubit2', 'down', '--rotor', '1'],
      ]),
      {
        ...common(name, device),
        ...{ seed, count, initial: { rotor: 1 } },
        truncation: { ...window, edgeLow: column(15).mean, edgeHigh: column(18).mean },
        backend: { adapter: null, threads: 1 },
        validity: denseValidity(device),
        solver: { seconds: anything },
        errorBars: { bars: 3, falseAlarms: 0.05 },
        snapshots: [
          {
            t,
            heat: {
              Q1: flow(0, end.heat.Q1),
              Q2: flow(1, end.heat.Q2),
              Qr: flow(2, end.heat.Qr),
            },
            exchanged: { Q1: exchanged(0), Q2: exchanged(1), Qr: exchanged(2) },
            jumps: Object.fromEntries(
              (['bath1', 'bath2', 'load'] as const).map((bath, b) => [
                bath,
                jumps(
                  b,
                  integral((rho) => jumpRate(device, bath, rho)),
                ),
              ]),
            ),
            rotor: {
              Lz: estimate(9, end.rotor.Lz, between(window.lmin, window.lmax)),
              Lz2: estimate(10, end.rotor.Lz2, between(0, 4)),
              populations: end.rotor.populations.map((x, l) => estimate(15 + l, x, between(0, 1))),
            },
            qubits: {
              populations: end.qubits.populations.map((x, s) => estimate(11 + s, x, between(0, 1))),
            },
          },
        ],
      },
      'trajectories',
    );
  });
});

/**
 * Tr[ΣA†A ρ] of a bath, from its superoperator: no A has a diagonal element, so that of 𝓛 = Σ A·A† − ½{ΣA†A, ·} the
 * second part alone is left where |i⟩⟨j| goes to |i⟩⟨i|: −⟨i|ΣA†A|i⟩ for j = i, and else −½⟨j|ΣA†A|i⟩.
 */
function jumpRate(
  { channels, model, window: { lmin, lmax } }: DenseDevice,
  bath: 'bath1' | 'bath2' | 'load',
  rho: Dense,
): number {
  const l = channels[bath];
  const n = rho.n;
  let rate = 0;
  for (let i = 0; i < n; i++) {
    const at = i * n + i;
    rate -= l.re[at * l.n + at] * rho.re[at];
  }
  // Off the diagonal ΣA†A of the global baths mixes |10, k+1⟩ and |01, k⟩.
  if (model === 'global' && bath !== 'load') {
    const levels = lmax - lmin + 1;
    for (let i = 0; i + 1 < levels; i++) {
      const [a, b] = [2 * levels + i + 1, levels + i];
      const element = -2 * l.re[(a * n + a) * l.n + (a * n + b)];
      rate += 2 * element * rho.re[a * n + b];
    }
  }
  return rate;
}

/** Zero by a law of physics, or of the model; nothing can be told of their sign or factor but that. */
const zeroByLaw = [
  // Of these devices: every coherence between the qubits goes with the rotor, or is too weak.
  'steady.concurrence',
  'evolve.snapshots[].concurrence',
  'steady.firstLaw',
  'steady.power.kinetic',
  'steady.power.net',
  'steady.rotor.sin',
  'evolve.snapshots[].firstLaw',
  'collide.collisions[].firstLaw',
  'collide.steady.firstLaw',
  'collide.steady.dU',
  'rectify.parameters.V',
  'collide.parameters.V',
  'trajectories.parameters.V',
];

test('each of the numbers was compared with one that is not 0', () => {
  const insensitive = [...seen].flatMap(([path, isSensitive]) => (isSensitive ? [] : [path]));
  const unused = (path: string) => /\.parameters\.(V2|kappa1|kappa2)$/.test(path);
  expect(insensitive.filter((path) => !zeroByLaw.includes(path) && !unused(path))).toEqual([]);
  expect(seen.get('steady.carnotCop')).toBe(true);
});
