/** Two-time correlations of a machine's operators, and their spectra, from what a user asks. */
import { ParameterError } from '../model/parameters.js';
import { adjoint, type Complex, type Operator, sizeOf } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import {
  type CorrelationAt,
  Correlator,
  evolvedState,
  type KnownComplex,
  requireUniqueSteadyState,
} from '../spectrum/correlation.js';
import { Spectrum } from '../spectrum/modes.js';
import { type DensityMatrix, rotorEdges } from '../state/densityMatrix.js';
import {
  type InitialState,
  initialDensityMatrix,
  populatedClasses,
  weightOutside,
} from '../state/initialState.js';
import { edgeProblems, type WindowEdges, windowEdges } from './edgeProblems.js';
import { readOperator } from './formulas.js';
import type { SpectralSubject } from './spectralSubject.js';

/** A number is known where its error is so small beside the largest of its kind. */
const KNOWN = 1e-6;

export interface CorrelationRequest {
  readonly a: string;
  /** By default the adjoint of a. */
  readonly b?: string | undefined;
  /** Rising, from 0 on. */
  readonly tau: readonly number[];
  readonly frequency: readonly number[];
  /** At a time after an initial state, in place of the steady state. */
  readonly start: { readonly initial: InitialState; readonly t: number } | null;
}

export interface Correlations {
  readonly a: string;
  readonly b: string;
  /** ⟨A⟩ and ⟨B⟩ in the state at t. */
  readonly means: { readonly a: Complex; readonly b: Complex };
  /** ⟨A(t + τ)B(t)⟩, and the same less ⟨A(t + τ)⟩⟨B(t)⟩. */
  readonly times: readonly CorrelationAt[];
  /** S_AB(ω) = ∫ e^{−iωτ} ⟨δA(τ)δB⟩ dτ in the steady state. */
  readonly frequencies: readonly {
    readonly omega: number;
    readonly spectrum: KnownComplex;
  }[];
  /** Populations at t. */
  readonly truncation: WindowEdges;
  /** What is not as good as it is printed, each in words. */
  readonly problems: readonly string[];
}

/** @throws {ParameterError} where a ladder has levels beyond the window in it */
export function requireOnWindow({ rotor }: InitialState, window: Window): void {
  if (weightOutside(rotor, window) === 0) return;
  const allowed = `within the window [${window.lmin}, ${window.lmax}]`;
  throw new ParameterError('rotor', rotor.lowest, allowed);
}

/** @throws {ParameterError} where coherences between charges, or levels beyond the window, are in it */
function startIn(spectrum: Spectrum, initial: InitialState): DensityMatrix {
  const { space } = spectrum.steady;
  requireOnWindow(initial, space.window);
  const isHeld = populatedClasses(initial).every(
    ({ ket, bra, delta }) => space.find(ket, bra, delta) >= 0,
  );
  if (isHeld) return initialDensityMatrix(initial, space);
  const allowed = 'of a state without coherences between different conserved charges';
  throw new ParameterError('from', 'the initial state', allowed);
}

function unknownIn(what: string, found: readonly KnownComplex[]): string[] {
  const largest = found.reduce((most, one) => Math.max(most, sizeOf(one)), 0);
  const error = found.reduce((most, one) => Math.max(most, one.error), 0);
  return error <= KNOWN * largest ? [] : [`${what} known to ± ${error.toExponential(1)} alone`];
}

/** A and B as they are asked for. @throws {ParameterError} */
export function operatorsOf(
  { system: { window }, operators, formulas }: SpectralSubject,
  { a, b }: Pick<CorrelationRequest, 'a' | 'b'>,
): [first: Operator, second: Operator] {
  const first = readOperator('A', a, window, operators, formulas);
  return [
    first,
    b === undefined ? adjoint(first) : readOperator('B', b, window, operators, formulas),
  ];
}

/**
 * @throws {ParameterError} for operators that are none, and a start that is none
 * @throws {NonUniqueSteadyStateError}
 * @throws {WideSectorError} where no conserved charge keeps the sectors narrow
 */
export function correlate(subject: SpectralSubject, request: CorrelationRequest): Correlations {
  const { tau, frequency, start } = request;
  const [first, second] = operatorsOf(subject, request);
  const spectrum = new Spectrum(subject.system);
  if (start === null) requireUniqueSteadyState(spectrum);
  const evolved = start && evolvedState(spectrum, startIn(spectrum, start.initial), start.t);
  const correlator = new Correlator(spectrum, first, second, evolved);
  const { state } = correlator;
  const times = correlator.correlations(tau);
  const frequencies = frequency.map((omega) => ({
    omega,
    spectrum: correlator.spectrumAt(omega),
  }));
  const means = { a: correlator.meanA, b: correlator.meanB };
  return correlationsIn(subject, request, state, { means, times, frequencies });
}

/** What is told of correlations of a state, once they are there. */
export function correlationsIn(
  { system: { window }, open, edgeTolerance }: SpectralSubject,
  { a, b }: CorrelationRequest,
  state: DensityMatrix,
  { means, times, frequencies }: Pick<Correlations, 'means' | 'times' | 'frequencies'>,
): Correlations {
  const edges = rotorEdges(state);
  return {
    a,
    b: b ?? `dag(${a})`,
    means,
    times,
    frequencies,
    truncation: windowEdges(window, edges, open),
    problems: [
      ...edgeProblems(edges, open, edgeTolerance),
      ...unknownIn(
        'correlations are',
        times.map(({ correlation }) => correlation),
      ),
      ...unknownIn(
        'the spectrum is',
        frequencies.map(({ spectrum: found }) => found),
      ),
    ],
  };
}
