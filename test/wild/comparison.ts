/** A device's numbers beside those of many digits: how far each is off, and how far it says it may be. */
import type { Precision } from '../../src/backend/backend.js';
import { type DeviceParameters, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import type { SteadyState } from '../../src/simulate/steadyState.js';
import { verdictOf } from '../../src/simulate/verdict.js';
import { NoSteadyStateError } from '../../src/solve/verdict.js';
import type { WildDevice } from './devices.js';
import { type PreciseSteadyState, preciseSteadyState } from './preciseSteadyState.js';
import type { Real } from './real.js';

export interface Deviation {
  /** Observables by their names in JSON; `populations` and `coherences` for the worst element. */
  readonly name: string;
  readonly exact: number;
  readonly value: number;
  readonly error: number;
  /** The error in units of the number itself. */
  readonly relative: number;
  /** Of a flow, the error in units of the device's largest flow; NaN of others. */
  readonly ofLargestFlow: number;
  /** Where there is an estimate, the error in units of that; NaN elsewhere. */
  readonly ofEstimate: number;
}

export interface Comparison {
  readonly device: WildDevice;
  /** Why the device was refused; null where it was not. */
  readonly refusal: string | null;
  /** What the answer says is wrong with itself. */
  readonly problems: readonly string[];
  readonly residual: number;
  readonly deviations: readonly Deviation[];
}

/** Numbers below this have lost digits at the end of float64's range. */
const FAINT = 1e-290;

const FLOWS = /^(heat|work|power)/;

/** |value − exact|, without rounding of its own. */
const errorOf = (value: number, exact: Real): number =>
  Number.isFinite(value) ? exact.precision.of(value).minus(exact).abs().toNumber() : Number.NaN;

function deviation(
  name: string,
  value: number,
  exact: Real,
  largestFlow: number,
  estimate: number | undefined,
): Deviation {
  const wanted = exact.toNumber();
  const error = errorOf(value, exact);
  const isFlow = FLOWS.test(name);
  const isFaint = Math.abs(wanted) < FAINT && Math.abs(value) < FAINT;
  const inUnitsOf = (unit: number): number => (error === 0 || isFaint ? 0 : error / unit);
  return {
    name,
    exact: wanted,
    value,
    error,
    relative: inUnitsOf(Math.abs(wanted)),
    ofLargestFlow: isFlow ? inUnitsOf(largestFlow) : Number.NaN,
    ofEstimate: estimate === undefined ? Number.NaN : inUnitsOf(estimate),
  };
}

/** Each measure at its worst. */
const worst = (deviations: readonly Deviation[], name: string): Deviation => {
  const by = (measure: 'relative' | 'ofEstimate') =>
    deviations.reduce((a, b) => (b[measure] > a[measure] || Number.isNaN(b[measure]) ? b : a));
  return { ...by('relative'), name, ofEstimate: by('ofEstimate').ofEstimate };
};

export const parametersOf = ({ model, values }: WildDevice): DeviceParameters =>
  deviceParameters({ ...values, model });

/** What the CPU finds. */
export const compare = (device: WildDevice): Comparison =>
  compareWith(device, () =>
    steadyStateOn(parametersOf(device), rotorWindow(device.lmin, device.lmax)),
  );

/**
 * @param solve throws NoSteadyStateError where it has no answer
 * @param precision that of the answer
 */
export function compareWith(
  device: WildDevice,
  solve: () => SteadyState,
  precision: Precision = 'f64',
): Comparison {
  const { model, values, lmin, lmax } = device;
  const exact = preciseSteadyState(model, values, lmin, lmax);
  try {
    const state = solve();
    const reading = new SteadyReading(state);
    const { problems, relativeResidual } = verdictOf(reading, precision);
    return {
      device,
      refusal: null,
      problems,
      residual: relativeResidual,
      deviations: deviations(reading, exact),
    };
  } catch (error) {
    if (!(error instanceof NoSteadyStateError)) throw error;
    return { device, refusal: error.message, problems: [], residual: Number.NaN, deviations: [] };
  }
}

function deviations(reading: SteadyReading, exact: PreciseSteadyState): Deviation[] {
  const { heat, work, intrinsic } = reading.flowEstimates;
  const { observables } = exact;
  const largest = Math.max(
    ...Object.entries(observables).map(([name, x]) =>
      FLOWS.test(name) ? Math.abs(x.toNumber()) : 0,
    ),
  );
  const [p00, p01, p10, p11] = reading.qubitPopulations;
  const found: Record<string, number> = {
    'heat.Q1': reading.heat.Q1,
    'heat.Q2': reading.heat.Q2,
    'heat.Qr': reading.heat.Qr,
    'work.interaction': reading.work.interaction,
    'work.WQ': reading.work.WQ,
    'work.Wr': reading.work.Wr,
    'power.intrinsic': reading.power.intrinsic,
    'power.backAction': reading.power.backAction,
    'rotor.Lz': reading.Lz,
    'rotor.Lz2': reading.Lz2,
    'qubits.p00': p00,
    'qubits.p01': p01,
    'qubits.p10': p10,
    'qubits.p11': p11,
  };
  const estimates: Record<string, number> = {
    'heat.Q1': heat.Q1.error,
    'heat.Q2': heat.Q2.error,
    'heat.Qr': heat.Qr.error,
    'work.interaction': work.interaction.error,
    'work.Wr': work.Wr.error,
    'power.intrinsic': intrinsic.error,
    'power.backAction': intrinsic.error,
    'rotor.Lz': reading.flowErrors?.Lz ?? Number.NaN,
  };
  const { elements, faintest = 0 } = reading.state;
  if (elements === undefined) throw new Error('a state without errors');
  const table = (ket: number, bra: number, apart: number) => {
    const found = elements.read(ket, bra, apart);
    if (found === null) throw new Error(`a state without ⟨${ket}|ρ|${bra}⟩`);
    return found;
  };
  const populations = exact.populations.flatMap((wanted, s) => {
    const { re, error } = table(s, s, 0);
    return wanted
      .map((x, i) => deviation('', re[i], x, largest, error[i]))
      .map((found) => (found.exact < faintest ? { ...found, relative: 0 } : found));
  });
  const between = table(2, 1, -1);
  const coherences = (['re', 'im'] as const).flatMap((part) =>
    exact.coherences[part].map((x, i) => {
      const value = between[part]?.[i + 1] ?? 0;
      const errors = part === 're' ? between.error : between.imError;
      return deviation('', value, x, largest, errors?.[i + 1] ?? 0);
    }),
  );
  return [
    worst(populations, 'populations'),
    worst(coherences, 'coherences'),
    ...Object.entries(observables).map(([name, x]) =>
      deviation(name, found[name], x, largest, estimates[name]),
    ),
  ];
}
