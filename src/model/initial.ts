/** Initial states: what a user may write, and what it means. */
import { z } from 'zod';
import { type Complex, QUBIT_STATES, times } from '../operators/operator.js';
import { MOST_LEVELS } from '../operators/window.js';
import type { InitialState, RotorState } from '../state/initialState.js';
import { thermalOccupation } from './local.js';
import { type DeviceParameters, ParameterError, readFields } from './parameters.js';

/** A number, or text such as 0.5-0.25i. */
const complex = z.union([
  z.number().transform((re): Complex => ({ re, im: 0 })),
  z.string().transform((text, context): Complex => {
    const value = parseComplex(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: 'not a complex number' });
    return z.NEVER;
  }),
]);

const digits = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const realNumber = new RegExp(String.raw`^\s*[+-]?${digits}\s*$`, 'i');
/** A real part, where there is one, is followed by the sign of the imaginary one. */
const complexNumber = new RegExp(
  String.raw`^\s*(?:([+-]?${digits})\s*(?=[+-]))?([+-]?)\s*(${digits})?\s*i\s*$`,
  'i',
);

function parseComplex(text: string): Complex | null {
  if (realNumber.test(text)) return { re: Number(text), im: 0 };
  const match = complexNumber.exec(text);
  if (match === null) return null;
  const [, re = '0', sign, im = '1'] = match;
  return { re: Number(re), im: sign === '-' ? -Number(im) : Number(im) };
}

const matrix = (size: number) => z.array(z.array(complex).length(size)).length(size);

const oneQubit = z.union([z.enum(['thermal', 'up', 'down']), matrix(2)]);
const qubitNotes = (qubit: number) => ({
  description: `initial state of qubit ${qubit}, by default thermal at its own bath`,
  unit: '',
  allowed:
    'one of thermal, up, down, or a density matrix [[ρ00, ρ01], [ρ10, ρ11]] (0 = down, 1 = up; complex as 0.5-0.25i)',
});

/** A packet of this concentration occupies 3700 levels; no initial state may occupy more than a chosen window has. */
const LARGEST_CONCENTRATION = 1e5;
const LARGEST_LEVEL = MOST_LEVELS / 2;
const MOST_OCCUPIED = 2 ** 12;

const level = () => z.int().min(-LARGEST_LEVEL).max(LARGEST_LEVEL);

/** The keys of an initial state. */
export const initialSchema = z.strictObject({
  qubit1: oneQubit.optional().meta(qubitNotes(1)),
  qubit2: oneQubit.optional().meta(qubitNotes(2)),
  qubits: matrix(4).optional().meta({
    description: 'initial state of both qubits together, in place of qubit1 and qubit2',
    unit: '',
    allowed: 'a 4×4 density matrix in the order 00, 01, 10, 11 (qubit 1 first), as rows of numbers',
  }),
  rotor: z
    .union([
      level(),
      z.strictObject({ thermal: z.number().positive() }),
      z.strictObject({ superposition: z.record(z.string().regex(/^-?\d+$/), complex) }),
      z.strictObject({
        angle: z.number(),
        concentration: z.number().nonnegative().max(LARGEST_CONCENTRATION),
        momentum: level().default(0),
      }),
    ])
    .default(0)
    .meta({
      description: 'initial state of the rotor',
      unit: '',
      allowed: `a level l (|l| ≤ ${LARGEST_LEVEL}), {thermal: β} (of L_z²/2I), {superposition: {l: amplitude, …}} or {angle: φ, concentration: κ, momentum: l} (a packet with von Mises density, κ from 0 to ${LARGEST_CONCENTRATION})`,
    }),
});

export type InitialInput = z.input<typeof initialSchema>;

const real = (re: number): Complex => ({ re, im: 0 });
const diagonal = (p0: number, p1: number): Complex[][] => [
  [real(p0), real(0)],
  [real(0), real(p1)],
];

/** How far a given density matrix may be from Hermitian, of trace 1 and positive. */
const MATRIX_TOLERANCE = 1e-10;

/** The smallest pivot of ρ + tolerance, eliminated: negative for a matrix that is not positive. */
function smallestPivot(rho: readonly (readonly Complex[])[]): number {
  const a = rho.map((row, i) =>
    row.map(({ re, im }, j) => ({ re: re + (i === j ? MATRIX_TOLERANCE : 0), im })),
  );
  let smallest = Number.POSITIVE_INFINITY;
  for (let p = 0; p < a.length; p++) {
    const pivot = a[p][p].re;
    smallest = Math.min(smallest, pivot);
    if (pivot <= 0) return pivot;
    for (let i = p + 1; i < a.length; i++) {
      const m = { re: a[i][p].re / pivot, im: a[i][p].im / pivot };
      for (let j = p; j < a.length; j++) {
        a[i][j] = {
          re: a[i][j].re - (m.re * a[p][j].re - m.im * a[p][j].im),
          im: a[i][j].im - (m.re * a[p][j].im + m.im * a[p][j].re),
        };
      }
    }
  }
  return smallest;
}

function checkDensityMatrix(field: string, given: unknown, rho: Complex[][]): void {
  const trace = rho.reduce((sum, row, i) => sum + row[i].re, 0);
  if (Math.abs(trace - 1) > MATRIX_TOLERANCE) {
    throw new ParameterError(field, given, `a density matrix of trace 1 (its trace is ${trace})`);
  }
  for (let i = 0; i < rho.length; i++) {
    for (let j = 0; j <= i; j++) {
      const difference = Math.hypot(rho[i][j].re - rho[j][i].re, rho[i][j].im + rho[j][i].im);
      if (difference <= MATRIX_TOLERANCE) continue;
      const entry = `entries ${i + 1},${j + 1} and ${j + 1},${i + 1} are not conjugate`;
      throw new ParameterError(field, given, `a Hermitian density matrix (${entry})`);
    }
  }
  if (smallestPivot(rho) <= 0) {
    throw new ParameterError(field, given, 'a positive density matrix (it has an eigenvalue < 0)');
  }
}

function qubitMatrix(
  field: 'qubit1' | 'qubit2',
  given: z.output<typeof oneQubit> | undefined,
  input: unknown,
  beta: number,
  B: number,
): Complex[][] {
  if (given === undefined || given === 'thermal') {
    const n = thermalOccupation(beta, B);
    return diagonal((n + 1) / (2 * n + 1), n / (2 * n + 1));
  }
  if (given === 'up') return diagonal(0, 1);
  if (given === 'down') return diagonal(1, 0);
  checkDensityMatrix(field, input, given);
  return given;
}

const product = (a: Complex[][], b: Complex[][]): Complex[][] =>
  Array.from({ length: QUBIT_STATES }, (_, i) =>
    Array.from({ length: QUBIT_STATES }, (_, j) => times(a[i >> 1][j >> 1], b[i & 1][j & 1])),
  );

/** Weights, and amplitudes, below these shares of the largest are left out. */
const SMALLEST_WEIGHT = 1e-20;
const SMALLEST_AMPLITUDE = 1e-15;

function thermalRotor(beta: number, inertia: number, input: unknown): RotorState {
  const spread = -2 * inertia * Math.log(SMALLEST_WEIGHT);
  const reach = Math.ceil(Math.sqrt(spread / beta));
  if (2 * reach + 1 > MOST_OCCUPIED) {
    // Rounded to what is allowed for sure.
    const coldest = ((1.01 * spread) / (MOST_OCCUPIED / 2 - 1) ** 2).toPrecision(3);
    const allowed = `{thermal: β} with β ≥ ${coldest} at I = ${inertia}: it would occupy more than ${MOST_OCCUPIED} levels`;
    throw new ParameterError('rotor', input, allowed);
  }
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp((-beta * (i - reach) ** 2) / (2 * inertia)),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  return { lowest: -reach, populations: weights.map((w) => w / total) };
}

/** I_n(x)/I_0(x) for n = 0, 1, … as far as they matter, from I_n/I_{n−1} = 1/(2n/x + I_{n+1}/I_n). */
function besselRatios(x: number): number[] {
  if (x === 0) return [1];
  const most = Math.ceil(x + 20 * Math.sqrt(x + 10));
  const ratios = new Float64Array(most + 2);
  for (let n = most; n >= 1; n--) ratios[n] = 1 / ((2 * n) / x + ratios[n + 1]);
  const values = [1];
  for (let n = 1; n <= most && values[n - 1] > SMALLEST_AMPLITUDE; n++) {
    values.push(values[n - 1] * ratios[n]);
  }
  return values;
}

function normalised(lowest: number, amplitudes: readonly Complex[]): RotorState {
  const norm = Math.sqrt(amplitudes.reduce((sum, { re, im }) => sum + re * re + im * im, 0));
  return { lowest, amplitudes: amplitudes.map(({ re, im }) => ({ re: re / norm, im: im / norm })) };
}

/**
 * ψ(φ) ∝ e^{κ cos(φ − μ)/2 + i l φ}, whose density is von Mises' with mean μ and concentration κ: the
 * amplitude of level l + n is I_n(κ/2) e^{−inμ} up to normalisation.
 */
function anglePacket(mean: number, concentration: number, momentum: number): RotorState {
  const values = besselRatios(concentration / 2);
  const reach = values.length - 1;
  return normalised(
    momentum - reach,
    Array.from({ length: 2 * reach + 1 }, (_, i) => {
      const n = i - reach;
      const size = values[Math.abs(n)];
      return { re: size * Math.cos(n * mean), im: -size * Math.sin(n * mean) };
    }),
  );
}

function superposition(given: Readonly<Record<string, Complex>>, input: unknown): RotorState {
  const levels = Object.keys(given).map(Number);
  if (!Object.values(given).some(({ re, im }) => re !== 0 || im !== 0)) {
    throw new ParameterError('rotor', input, 'a superposition with an amplitude that is not 0');
  }
  const lowest = Math.min(...levels);
  const count = Math.max(...levels) - lowest + 1;
  if (count > MOST_OCCUPIED || levels.some((l) => Math.abs(l) > LARGEST_LEVEL)) {
    const allowed = `a superposition of levels within ${MOST_OCCUPIED} of one another, |l| ≤ ${LARGEST_LEVEL}`;
    throw new ParameterError('rotor', input, allowed);
  }
  return normalised(
    lowest,
    Array.from({ length: count }, (_, i) => given[lowest + i] ?? real(0)),
  );
}

/**
 * The initial state of a device.
 * @throws {ParameterError} for a matrix that is no density matrix; {UnknownKeyError}
 */
export function initialState(parameters: DeviceParameters, input: unknown = {}): InitialState {
  const read = readFields(initialSchema, input);
  const given = input as Record<string, unknown>;
  const { beta1, beta2, B1, B2, I } = parameters;
  if (read.qubits !== undefined && (read.qubit1 ?? read.qubit2) !== undefined) {
    throw new ParameterError('qubits', given.qubits, 'absent where qubit1 or qubit2 is given');
  }
  if (read.qubits !== undefined) checkDensityMatrix('qubits', given.qubits, read.qubits);
  const qubits =
    read.qubits ??
    product(
      qubitMatrix('qubit1', read.qubit1, given.qubit1, beta1, B1),
      qubitMatrix('qubit2', read.qubit2, given.qubit2, beta2, B2),
    );
  const { rotor } = read;
  if (typeof rotor === 'number') return { qubits, rotor: { lowest: rotor, populations: [1] } };
  if ('thermal' in rotor) return { qubits, rotor: thermalRotor(rotor.thermal, I, given.rotor) };
  if ('superposition' in rotor) {
    return { qubits, rotor: superposition(rotor.superposition, given.rotor) };
  }
  const { angle, concentration, momentum } = rotor;
  return { qubits, rotor: anglePacket(angle, concentration, momentum) };
}

/** The levels that an initial rotor state occupies. */
export function occupiedLevels({ rotor }: InitialState): { lmin: number; lmax: number } {
  const count = 'amplitudes' in rotor ? rotor.amplitudes.length : rotor.populations.length;
  return { lmin: rotor.lowest, lmax: rotor.lowest + count - 1 };
}
