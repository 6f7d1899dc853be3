/** Whether observables of a state that a GPU has solved have the digits that a precision promises. */
import type { Precision } from '../backend/backend.js';
import type { Estimate } from '../lindblad/estimate.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import type { DeviceParameters } from '../model/parameters.js';
import { population } from '../model/qubits.js';
import type { OperatorOf } from '../operators/operator.js';
import { PROMISED } from '../solve/verdict.js';
import type { HeatFlows } from '../thermo/heat.js';
import { type Performance, performanceOf } from '../thermo/operation.js';
import type { WorkFlows } from '../thermo/work.js';
import { FAINT, TOO_FEW_DIGITS } from './deviceFailures.js';
import { EVERYTHING } from './deviceRounding.js';
import type { DeviceState } from './deviceStates.js';
import type { KnownFlows } from './knownFlows.js';
import { type ObservableName, observableRecord } from './observableRecords.js';
import { energyFlow } from './observables/definitions.js';
import { asNumber } from './observe.js';
import type { FlowErrors, SteadyReading } from './steadyReading.js';

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

/** Which of the parts, as bits. */
const PART = { heat: 1, work: 2, intrinsicPower: 4, Lz: 8, Lz2: 16, qubitPopulations: 32 } as const;

/** Those of a state, some of them moved, and which of them have been read. */
class Numbers implements Parts, KnownFlows {
  read = 0;
  #performance: Performance | undefined;

  constructor(
    readonly parameters: DeviceParameters,
    private readonly of: Parts,
    private readonly moved: Partial<Parts> = {},
  ) {}

  get heat(): HeatFlows {
    this.read |= PART.heat;
    return this.moved.heat ?? this.of.heat;
  }

  get work(): WorkFlows {
    this.read |= PART.work;
    return this.moved.work ?? this.of.work;
  }

  get intrinsicPower(): number {
    this.read |= PART.intrinsicPower;
    return this.moved.intrinsicPower ?? this.of.intrinsicPower;
  }

  get Lz(): number {
    this.read |= PART.Lz;
    return this.moved.Lz ?? this.of.Lz;
  }

  get Lz2(): number {
    this.read |= PART.Lz2;
    return this.moved.Lz2 ?? this.of.Lz2;
  }

  get qubitPopulations(): readonly number[] {
    this.read |= PART.qubitPopulations;
    return this.moved.qubitPopulations ?? this.of.qubitPopulations;
  }

  get performance(): Performance {
    this.#performance ??= performanceOf(this.parameters, this.heat, this.work.WQ);
    this.read |= PART.heat | PART.work;
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

interface Move {
  readonly part: keyof typeof PART;
  /** @param relative what populations may be off by, relative to themselves */
  readonly moved: (parts: Parts, errors: FlowErrors, relative: number) => Partial<Parts>;
}

/** Each flow, and each mean, moved by its own error. */
const MOVES: readonly Move[] = [
  ...(['Q1', 'Q2', 'Qr'] as const).map(
    (name): Move => ({
      part: 'heat',
      moved: ({ heat: { Q1, Q2, Qr } }, { heat }) => {
        const flows = { Q1, Q2, Qr };
        flows[name] += heat[name];
        return { heat: flows };
      },
    }),
  ),
  {
    part: 'work',
    moved: ({ work: { WQ, Wr, V, interaction: own } }, { work }) => {
      const interaction = own + work.interaction;
      return { work: { WQ: WQ === 0 ? 0 : interaction, Wr, V, interaction } };
    },
  },
  {
    part: 'work',
    moved: ({ work: { WQ, Wr, V, interaction } }, { work }) => ({
      work: { WQ, Wr: Wr + work.Wr, V, interaction },
    }),
  },
  {
    part: 'intrinsicPower',
    moved: (parts, { intrinsic }) => ({ intrinsicPower: parts.intrinsicPower + intrinsic }),
  },
  { part: 'Lz', moved: (parts, { Lz }) => ({ Lz: parts.Lz + Lz }) },
  { part: 'Lz2', moved: ({ Lz2 }, _, relative) => ({ Lz2: Lz2 * (1 + relative) }) },
  {
    part: 'qubitPopulations',
    moved: ({ qubitPopulations }, _, relative) => ({
      qubitPopulations: qubitPopulations.map((p) => p * (1 + relative)),
    }),
  },
];

/** The numbers of a state, and what an observable of them may be off by. */
class MovedNumbers {
  readonly numbers: Numbers;
  readonly #moved: (Numbers | undefined)[] = [];

  constructor(
    private readonly reading: SteadyReading,
    private readonly errors: FlowErrors,
    private readonly relative: number,
  ) {
    this.numbers = new Numbers(reading.state.device.parameters, reading);
  }

  /** An observable, and what moves of the parts that it has read do to it. */
  estimate(read: ReadOfNumbers): Estimate {
    const { numbers } = this;
    numbers.read = 0;
    const value = read(numbers);
    const parts = numbers.read;
    let error = 0;
    for (let n = 0; n < MOVES.length; n++) {
      if ((parts & PART[MOVES[n].part]) === 0) continue;
      const other = read(this.#by(n));
      if (!Object.is(other, value)) error += Math.abs(other - value);
    }
    return { value, error };
  }

  #by(n: number): Numbers {
    const { numbers, reading, errors, relative } = this;
    const { moved } = MOVES[n];
    this.#moved[n] ??= new Numbers(numbers.parameters, reading, moved(reading, errors, relative));
    return this.#moved[n];
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
    const moved = new MovedNumbers(reading, flowErrors, relative);
    const { Q1, Q2, Qr } = reading.heat;
    const largest = Math.max(Math.abs(Q1), Math.abs(Q2), Math.abs(Qr));
    const isKnown = checked.every(({ read, isFlow, isMean }) => {
      const { value, error } = moved.estimate(read);
      const least = isFlow ? largest : isMean ? LEAST_MEAN : 0;
      return error <= PROMISED[precision] * Math.max(least, Math.abs(value));
    });
    return isKnown ? null : TOO_FEW_DIGITS;
  };
}
