/** Whether observables of a state that a GPU has solved have the digits that a precision promises. */
import type { Precision } from '../backend/backend.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import type { DeviceParameters } from '../model/parameters.js';
import { population } from '../model/qubits.js';
import type { OperatorOf } from '../operators/operator.js';
import { PROMISED } from '../solve/verdict.js';
import { type Performance, performanceOf } from '../thermo/operation.js';
import { FAINT, TOO_FEW_DIGITS } from './deviceFailures.js';
import { EVERYTHING } from './deviceRounding.js';
import type { DeviceState } from './deviceStates.js';
import type { KnownFlows } from './knownFlows.js';
import { type ObservableName, observableRecord } from './observableRecords.js';
import { energyFlow } from './observables/definitions.js';
import { asNumber } from './observe.js';
import type { FlowErrors, SteadyReading } from './steadyReading.js';

/** What observables of a state are made of, as numbers each of which may be moved. */
class Numbers implements KnownFlows {
  readonly parameters: DeviceParameters;
  readonly heat = { Q1: 0, Q2: 0, Qr: 0 };
  readonly work = { WQ: 0, Wr: 0, V: 0, interaction: 0 };
  intrinsicPower = 0;
  Lz = 0;
  Lz2 = 0;
  /** [p00, p01, p10, p11] */
  readonly qubitPopulations = [0, 0, 0, 0];

  constructor(private readonly reading: SteadyReading) {
    this.parameters = reading.state.device.parameters;
    this.reset();
  }

  /** Puts every number back. */
  reset(): void {
    const { heat, work, reading, qubitPopulations } = this;
    Object.assign(heat, reading.heat);
    work.WQ = reading.work.WQ;
    work.Wr = reading.work.Wr;
    work.V = reading.work.V;
    work.interaction = reading.work.interaction;
    this.intrinsicPower = reading.intrinsicPower;
    this.Lz = reading.Lz;
    this.Lz2 = reading.Lz2;
    for (let s = 0; s < 4; s++) qubitPopulations[s] = reading.qubitPopulations[s];
  }

  get performance(): Performance {
    return performanceOf(this.parameters, this.heat, this.work.WQ);
  }
}

type Move = (numbers: Numbers, errors: FlowErrors, relative: number) => void;

/** Each flow, and each mean, by its own error; populations by what may be lost of them relative to themselves. */
const MOVES: readonly Move[] = [
  ({ heat }, errors) => {
    heat.Q1 += errors.heat.Q1;
  },
  ({ heat }, errors) => {
    heat.Q2 += errors.heat.Q2;
  },
  ({ heat }, errors) => {
    heat.Qr += errors.heat.Qr;
  },
  ({ work }, errors) => {
    work.interaction += errors.work.interaction;
    if (work.WQ !== 0) work.WQ = work.interaction;
  },
  ({ work }, errors) => {
    work.Wr += errors.work.Wr;
  },
  (numbers, errors) => {
    numbers.intrinsicPower += errors.intrinsic;
  },
  (numbers, errors) => {
    numbers.Lz += errors.Lz;
  },
  (numbers, _, relative) => {
    numbers.Lz2 *= 1 + relative;
  },
  ({ qubitPopulations }, _, relative) => {
    for (let s = 0; s < 4; s++) qubitPopulations[s] *= 1 + relative;
  },
];

/** The operators whose means are among them. */
const MEANS: ReadonlyMap<OperatorOf, (numbers: Numbers) => number> = new Map([
  [angularMomentum, ({ Lz }: Numbers) => Lz],
  [angularMomentumSquared, ({ Lz2 }) => Lz2],
  ...[0, 1, 2, 3].map(
    (s) => [population(s), ({ qubitPopulations }: Numbers) => qubitPopulations[s]] as const,
  ),
]);

type ReadOfNumbers = (numbers: Numbers) => number;

/** How an observable is read off these numbers; null where it takes the elements of the state. */
function readOfNumbers(name: ObservableName): ReadOfNumbers | null {
  const { is } = observableRecord(name);
  switch (is.kind) {
    case 'expectation': {
      const mean = MEANS.get(is.operator);
      if (mean === undefined) return null;
      return (numbers) =>
        is.isInfinite?.(numbers.parameters) === true ? Number.NaN : mean(numbers);
    }
    case 'flows':
      return (numbers) => asNumber(name, is.read(numbers));
    case 'others': {
      const reads: ReadOfNumbers[] = [];
      for (const other of is.of) {
        const read = readOfNumbers(other as ObservableName);
        if (read === null) return null;
        reads.push(read);
      }
      return (numbers) => asNumber(name, is.read(...reads.map((read) => read(numbers))));
    }
    default:
      return null;
  }
}

/**
 * An observable of a point is judged relative to itself, a flow relative to the point's largest heat, a mean that nearly
 * vanishes relative to this.
 */
const LEAST_MEAN = 1e-3;

/** Heat flows below it are at the end of float32's exponents. */
const SMALLEST_FLOW = 1e-28;

/** Whether bath, interaction and load are there and every flow is below what float32's exponents reach. */
export function isFaint({ state, heat }: SteadyReading): boolean {
  const { lambda, gamma } = state.device.parameters;
  if (lambda === 0 || gamma === 0) return false;
  return [heat.Q1, heat.Q2, heat.Qr].every((flow) => Math.abs(flow) < SMALLEST_FLOW);
}

/**
 * Why a state that a GPU has solved is left to the CPU: its flows are too small, or one of these observables has not the
 * digits that the precision promises, by what it is made of. Those that take the elements of the state are not judged.
 * @returns null where it is not
 */
export function digitsCheck(names: readonly ObservableName[], precision: Precision) {
  const checked = names.flatMap((name) => {
    const read = readOfNumbers(name);
    const { unit, is } = observableRecord(name);
    const isMean = is.kind === 'expectation';
    return read === null ? [] : [{ read, isFlow: unit === energyFlow, isMean }];
  });
  return (reading: SteadyReading, { relative }: DeviceState['lost']): string | null => {
    if (isFaint(reading)) return FAINT;
    const { flowErrors } = reading;
    if (relative === EVERYTHING || flowErrors === null) return TOO_FEW_DIGITS;
    const numbers = new Numbers(reading);
    const values = checked.map(({ read }) => read(numbers));
    const errors = values.map(() => 0);
    for (const move of MOVES) {
      move(numbers, flowErrors, relative);
      for (let k = 0; k < checked.length; k++) {
        const value = checked[k].read(numbers);
        if (!Object.is(value, values[k])) errors[k] += Math.abs(value - values[k]);
      }
      numbers.reset();
    }
    const { Q1, Q2, Qr } = reading.heat;
    const largest = Math.max(Math.abs(Q1), Math.abs(Q2), Math.abs(Qr));
    const isKnown = checked.every(({ isFlow, isMean }, k) => {
      const least = isFlow ? largest : isMean ? LEAST_MEAN : 0;
      return errors[k] <= PROMISED[precision] * Math.max(least, Math.abs(values[k]));
    });
    return isKnown ? null : TOO_FEW_DIGITS;
  };
}
