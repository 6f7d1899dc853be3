/** Observables off the sums that a GPU leaves of each state, where these tell them. */

import type { Precision } from '../backend/backend.js';
import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import type { DeviceParameters } from '../model/parameters.js';
import { cosine, sine } from '../model/potential.js';
import { population } from '../model/qubits.js';
import type { OperatorOf } from '../operators/operator.js';
import type { HeatFlows } from '../thermo/heat.js';
import { type Performance, performanceOf } from '../thermo/operation.js';
import type { WorkFlows } from '../thermo/work.js';
import { EVERYTHING, PROMISED } from './deviceRounding.js';
import type { KnownFlows } from './knownFlows.js';
import { type ObservableName, observableRecord } from './observableRecords.js';
import { energyFlow } from './observables/definitions.js';
import { asNumber } from './observe.js';
import type { SectorObservables } from './sectorObservables.js';

type ReadOfSums = (sums: SectorObservables, parameters: DeviceParameters) => number;

/** The operators whose means are among the sums. */
const MEANS: ReadonlyMap<OperatorOf, (sums: SectorObservables) => number> = new Map([
  [angularMomentum, ({ Lz }: SectorObservables) => Lz],
  [angularMomentumSquared, ({ Lz2 }) => Lz2],
  // No element of the sector changes l alone.
  [cosine, () => 0],
  [sine, () => 0],
  ...[0, 1, 2, 3].map(
    (s) => [population(s), (sums: SectorObservables) => sums.qubitPopulations[s]] as const,
  ),
]);

class FlowsOfSums implements KnownFlows {
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  readonly intrinsicPower: number;

  constructor(
    { heat, work, intrinsicPower }: SectorObservables,
    private readonly parameters: DeviceParameters,
  ) {
    this.heat = heat;
    this.work = work;
    this.intrinsicPower = intrinsicPower;
  }

  get performance(): Performance {
    return performanceOf(this.parameters, this.heat, this.work.WQ);
  }
}

/** How an observable is read off the sums; null where it takes the elements of the state. */
export function readOfSums(name: ObservableName): ReadOfSums | null {
  const { is } = observableRecord(name);
  switch (is.kind) {
    case 'expectation': {
      const mean = MEANS.get(is.operator);
      if (mean === undefined) return null;
      return (sums, parameters) => (is.isInfinite?.(parameters) === true ? Number.NaN : mean(sums));
    }
    case 'flows':
      return (sums, parameters) => asNumber(name, is.read(new FlowsOfSums(sums, parameters)));
    case 'others': {
      const reads: ReadOfSums[] = [];
      for (const other of is.of) {
        const read = readOfSums(other as ObservableName);
        if (read === null) return null;
        reads.push(read);
      }
      return (sums, parameters) =>
        asNumber(name, is.read(...reads.map((read) => read(sums, parameters))));
    }
    case 'state':
    case 'qubits':
    case 'fluctuation':
    case 'relaxation':
    case 'information':
    case 'solution':
      return null;
  }
}

/** The same point with each flow, and each mean, moved by its own error. */
function* moved(sums: SectorObservables): Generator<SectorObservables> {
  const { heat, work, flows, qubitPopulations, Lz2, lost } = sums;
  for (const name of ['Q1', 'Q2', 'Qr'] as const) {
    yield { ...sums, heat: { ...heat, [name]: heat[name] + flows.heat[name].error } };
  }
  const interaction = work.interaction + flows.work.interaction.error;
  yield { ...sums, work: { ...work, interaction, WQ: work.WQ === 0 ? 0 : interaction } };
  yield { ...sums, work: { ...work, Wr: work.Wr + flows.work.Wr.error } };
  yield { ...sums, intrinsicPower: sums.intrinsicPower + flows.intrinsic.error };
  yield { ...sums, Lz: sums.Lz + sums.LzError };
  yield { ...sums, Lz2: Lz2 * (1 + lost.relative) };
  yield { ...sums, qubitPopulations: qubitPopulations.map((p) => p * (1 + lost.relative)) };
}

/**
 * An observable of a point is judged relative to itself, a flow relative to the point's largest heat, a mean that nearly
 * vanishes relative to this.
 */
const LEAST_MEAN = 1e-3;

/**
 * Whether each of these observables has the digits that a precision promises, by what it is made of. Those that take
 * the elements of the state are not judged.
 */
export function digitsCheck(names: readonly ObservableName[], precision: Precision) {
  const checked = names.flatMap((name) => {
    const read = readOfSums(name);
    const { unit, is } = observableRecord(name);
    const isMean = is.kind === 'expectation';
    return read === null ? [] : [{ read, isFlow: unit === energyFlow, isMean }];
  });
  return (sums: SectorObservables, parameters: DeviceParameters): boolean => {
    if (sums.lost.relative === EVERYTHING) return false;
    const values = checked.map(({ read }) => read(sums, parameters));
    const errors = values.map(() => 0);
    for (const other of moved(sums)) {
      checked.forEach(({ read }, k) => {
        const value = read(other, parameters);
        if (!Object.is(value, values[k])) errors[k] += Math.abs(value - values[k]);
      });
    }
    const { Q1, Q2, Qr } = sums.heat;
    const largest = Math.max(Math.abs(Q1), Math.abs(Q2), Math.abs(Qr));
    return checked.every(({ isFlow, isMean }, k) => {
      const least = isFlow ? largest : isMean ? LEAST_MEAN : 0;
      return errors[k] <= PROMISED[precision] * Math.max(least, Math.abs(values[k]));
    });
  };
}
