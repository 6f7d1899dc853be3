/** Whether observables of a state that a GPU has solved have the digits that a precision promises. */
import type { Precision } from '../backend/backend.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import type { DeviceParameters } from '../model/parameters.js';
import { population } from '../model/qubits.js';
import type { OperatorOf } from '../operators/operator.js';
import type { HeatFlows } from '../thermo/heat.js';
import { type Performance, performanceOf } from '../thermo/operation.js';
import type { WorkFlows } from '../thermo/work.js';
import { FAINT, TOO_FEW_DIGITS } from './deviceFailures.js';
import { EVERYTHING, PROMISED } from './deviceRounding.js';
import type { DeviceState } from './deviceStates.js';
import type { KnownFlows } from './knownFlows.js';
import { type ObservableName, observableRecord } from './observableRecords.js';
import { energyFlow } from './observables/definitions.js';
import { asNumber } from './observe.js';
import type { SteadyReading } from './steadyReading.js';

/** What observables are made of, as numbers each of which may be moved. */
interface Parts {
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  readonly intrinsicPower: number;
  readonly Lz: number;
  readonly Lz2: number;
  /** [p00, p01, p10, p11] */
  readonly qubitPopulations: readonly number[];
}

/** Those of a state, some of them moved: each is read where an observable asks for it. */
class Numbers implements Parts, KnownFlows {
  #performance: Performance | undefined;

  constructor(
    readonly parameters: DeviceParameters,
    private readonly of: Parts,
    private readonly moved: Partial<Parts> = {},
  ) {}

  get heat(): HeatFlows {
    return this.moved.heat ?? this.of.heat;
  }

  get work(): WorkFlows {
    return this.moved.work ?? this.of.work;
  }

  get intrinsicPower(): number {
    return this.moved.intrinsicPower ?? this.of.intrinsicPower;
  }

  get Lz(): number {
    return this.moved.Lz ?? this.of.Lz;
  }

  get Lz2(): number {
    return this.moved.Lz2 ?? this.of.Lz2;
  }

  get qubitPopulations(): readonly number[] {
    return this.moved.qubitPopulations ?? this.of.qubitPopulations;
  }

  get performance(): Performance {
    this.#performance ??= performanceOf(this.parameters, this.heat, this.work.WQ);
    return this.#performance;
  }
}

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

/** The same with each flow, and each mean, moved by its own error. @param relative that of populations */
function* moved(
  numbers: Numbers,
  { heat: ofHeat, work: ofWork, intrinsic, Lz: ofLevel }: NonNullable<SteadyReading['flowErrors']>,
  relative: number,
): Generator<Numbers> {
  const { parameters, heat, work, intrinsicPower, Lz, Lz2 } = numbers;
  const other = (part: Partial<Parts>) => new Numbers(parameters, numbers, part);
  for (const name of ['Q1', 'Q2', 'Qr'] as const) {
    yield other({ heat: { ...heat, [name]: heat[name] + ofHeat[name] } });
  }
  const { WQ, Wr, V, interaction: ofInteraction } = work;
  const interaction = ofInteraction + ofWork.interaction;
  yield other({ work: { WQ: WQ === 0 ? 0 : interaction, Wr, V, interaction } });
  yield other({ work: { WQ, Wr: Wr + ofWork.Wr, V, interaction: ofInteraction } });
  yield other({ intrinsicPower: intrinsicPower + intrinsic });
  yield other({ Lz: Lz + ofLevel });
  yield other({ Lz2: Lz2 * (1 + relative) });
  yield other({
    get qubitPopulations() {
      return numbers.qubitPopulations.map((p) => p * (1 + relative));
    },
  });
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
    const { flowErrors, state } = reading;
    if (relative === EVERYTHING || flowErrors === null) return TOO_FEW_DIGITS;
    const numbers = new Numbers(state.device.parameters, reading);
    const values = checked.map(({ read }) => read(numbers));
    const errors = values.map(() => 0);
    for (const other of moved(numbers, flowErrors, relative)) {
      checked.forEach(({ read }, k) => {
        const value = read(other);
        if (!Object.is(value, values[k])) errors[k] += Math.abs(value - values[k]);
      });
    }
    const { Q1, Q2, Qr } = numbers.heat;
    const largest = Math.max(Math.abs(Q1), Math.abs(Q2), Math.abs(Qr));
    const isKnown = checked.every(({ isFlow, isMean }, k) => {
      const least = isFlow ? largest : isMean ? LEAST_MEAN : 0;
      return errors[k] <= PROMISED[precision] * Math.max(least, Math.abs(values[k]));
    });
    return isKnown ? null : TOO_FEW_DIGITS;
  };
}
