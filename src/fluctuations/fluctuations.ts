/**
 * Fluctuations of any machine in its steady state, in the sector of its populations: what each bath brings in, its
 * noise and covariances, cumulants, entropy production, and the uncertainty relations between them.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { conservedCharges } from '../lindblad/charges.js';
import { movesOf } from '../lindblad/equation.js';
import type { Estimate } from '../lindblad/flows.js';
import { type EquationOf, localEquation } from '../lindblad/masterEquation.js';
import { type BoundSector, RELATIVE, type SectorProgram } from '../lindblad/sectorProgram.js';
import { type CompiledSector, compiledSector } from '../lindblad/sectorSolution.js';
import { activeMachine, type Machine } from '../machine/machine.js';
import { sum } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { ConservingFactors } from '../solve/conservingFactors.js';
import { bareVector } from './bareState.js';
import {
  changesCharges,
  diagonalOf,
  gainCounter,
  type Quantum,
  quantaCounter,
  quantumOf,
} from './counters.js';
import { type Counter, CountingStatistics } from './counting.js';
import { BathEntropy, type EntropyReading } from './entropyProduction.js';
import { type CounterForm, type JumpElements, JumpProgram } from './jumpElements.js';
import { logarithmOf } from './sectorLogarithm.js';

/** A machine with what its fluctuations are asked of. */
export interface FluctuationRequest {
  readonly machine: Machine;
  /** The master equation. */
  readonly of: EquationOf;
  readonly values: Values;
  readonly window: Window;
  /** By bath its inverse temperature; null where it has none. */
  readonly betas: Readonly<Record<string, number | null>>;
  /** How many cumulants of each bath's quanta; 2 are mean and noise alone. */
  readonly order: number;
}

/** The counted quanta of a bath, positive into the machine. */
export interface CountedQuanta {
  readonly mean: Estimate;
  readonly noise: Estimate;
  /** noise/|mean|; null where nothing flows. */
  readonly fano: number | null;
  /** noise · entropy production/mean², which is at least 2 in classical machines; null where it is not known. */
  readonly uncertainty: number | null;
  /** noise · rate of all jumps/mean², which is at least 1 in classical machines. */
  readonly kineticUncertainty: number | null;
  /** From the first one, the mean, on. */
  readonly cumulants: readonly number[];
}

export interface BathFluctuations {
  readonly name: string;
  /** Null where its jumps change no conserved charge, or by amounts that are no multiples of one. */
  readonly quanta: CountedQuanta | null;
  /** Null where the energy that counts as heat is not diagonal. */
  readonly heat: { readonly mean: Estimate; readonly noise: Estimate } | null;
  /** Jumps by time. */
  readonly activity: number;
  /** By Spohn. */
  readonly entropyProduction: EntropyReading;
}

export interface Fluctuations {
  readonly window: Window;
  readonly baths: readonly BathFluctuations[];
  /** Covariances of the quanta of two baths, each pair once. */
  readonly covariances: readonly {
    readonly baths: readonly [string, string];
    readonly covariance: Estimate;
  }[];
  readonly activity: number;
  /** Spohn's of all baths; null where that of one is not known. */
  readonly entropyProduction: Estimate | null;
  /** −Tr ρ ln ρ of the whole state. */
  readonly entropy: number;
  /** −Σ βQ; null where a bath that has jumps has no temperature, or heat is not known. */
  readonly clausius: number | null;
  /** ‖𝓛ρ‖ and the same of the magnitudes of its terms. */
  readonly residual: number;
  readonly scale: number;
  /** Populations of the lowest and the highest level. */
  readonly edges: readonly [number, number];
}

interface BathProgram {
  readonly name: string;
  readonly quantum: Quantum | null;
  readonly hasHeat: boolean;
  readonly jumps: JumpProgram;
  readonly entropy: BathEntropy;
  /** Whether its entropy production is read off the state between bare states, where alone its jumps are plain. */
  readonly isBare: boolean;
}

/** Formulas of a compiled machine's jumps, the same for all windows and devices. */
class FluctuationProgram {
  readonly baths: readonly BathProgram[];
  /** The quanta of a steady state come in multiples of this, bath by bath; null where more can vary. */
  readonly multiples: readonly number[] | null;

  /** @param bareProgram that of the same machine with the local equation */
  constructor(
    compiled: CompiledSector,
    bareProgram: SectorProgram,
    machine: Machine,
    of: EquationOf,
  ) {
    const { program } = compiled;
    const { equation: local } = localEquation(machine);
    const { equation, basis } = of(machine);
    const { states } = machine;
    const charges = conservedCharges(movesOf(local));
    const heat = basis?.hamiltonian() ?? freeEnergy(machine);
    const energies = diagonalOf(heat, states);
    this.baths = equation.dissipators
      .map((dissipator, at) => ({ dissipator, bare: local.dissipators[at] }))
      .filter(({ dissipator }) => dissipator.jumps.length > 0)
      .map(({ dissipator, bare }) => {
        const quantum = quantumOf(charges, states, bare.jumps);
        const counters: CounterForm[] = [
          ...(quantum === null ? [] : [quantaCounter(charges, states, quantum)]),
          ...(energies === null ? [] : [gainCounter('heat', energies)]),
        ];
        const isBare = basis !== null && !compiled.thermal.includes(dissipator.name);
        return {
          name: dissipator.name,
          isBare,
          quantum,
          hasHeat: energies !== null,
          jumps: new JumpProgram(program, dissipator.jumps, counters),
          entropy: isBare
            ? new BathEntropy(bareProgram, bare)
            : new BathEntropy(program, dissipator),
        };
      });
    // What a bath brings of a charge that is not counted is missing from the balance.
    const isComplete = this.baths.every(
      ({ name, quantum }) =>
        quantum !== null ||
        !changesCharges(
          charges,
          states,
          local.dissipators.find((bath) => bath.name === name)?.jumps ?? [],
        ),
    );
    this.multiples = isComplete ? multiplesOf(this.baths, charges.length) : null;
  }
}

const freeEnergy = (machine: Machine) =>
  sum(...machine.energies.filter(({ isHeat }) => isHeat).map(({ operator }) => operator));

/**
 * What charges allow in a steady state: Σ over baths of quanta · charges is 0, so that all of them vary in proportion
 * where one combination alone is left.
 */
function multiplesOf(baths: readonly BathProgram[], charges: number): readonly number[] | null {
  const counted = baths.filter(({ quantum }) => quantum !== null);
  if (counted.length === 0) return null;
  const matrix = Matrix.zeros(Math.max(charges, counted.length), counted.length);
  counted.forEach(({ quantum }, b) => {
    quantum?.charges.forEach((x, k) => {
      matrix.set(k, b, x);
    });
  });
  const { rank, rightSingularVectors: vectors, diagonal } = new SingularValueDecomposition(matrix);
  if (rank === counted.length) return counted.map(() => 0);
  if (rank < counted.length - 1) return null;
  const at = diagonal.indexOf(Math.min(...diagonal));
  const column = vectors.getColumn(at);
  const largest = column.reduce((m, x) => (Math.abs(x) > Math.abs(m) ? x : m), 0);
  // Charges are counted in whole numbers: what is small beside the largest is rounding.
  return column.map((x) => (Math.abs(x / largest) < 1e-12 ? 0 : x / largest));
}

/** The machine with the local equation, between bare states. */
const bareOf = ({ machine, values }: FluctuationRequest): CompiledSector =>
  compiledSector(machine, localEquation, values);

const programs = new WeakMap<CompiledSector, FluctuationProgram>();

function programOf(compiled: CompiledSector, request: FluctuationRequest): FluctuationProgram {
  let known = programs.get(compiled);
  if (known === undefined) {
    const active = activeMachine(request.machine, request.values);
    known = new FluctuationProgram(compiled, bareOf(request).program, active, request.of);
    programs.set(compiled, known);
  }
  return known;
}

/** The better known of two estimates, relative to themselves. */
const relativeError = ({ value, error }: Estimate): number =>
  value === 0 ? Number.POSITIVE_INFINITY : error / Math.abs(value);

const scaled = ({ value, error }: Estimate, by: number): Estimate => ({
  value: by * value,
  error: Math.abs(by) * error + 2 * Number.EPSILON * Math.abs(by * value),
});

/** Quanta of baths that vary in proportion: all of them from the best known. */
class Quanta {
  readonly #best: { readonly mean: number; readonly noise: number };

  constructor(
    private readonly statistics: CountingStatistics,
    private readonly names: readonly string[],
    private readonly multiples: readonly number[] | null,
  ) {
    const best = (loss: (name: string, multiple: number) => number) => {
      let [found, least] = [-1, Number.POSITIVE_INFINITY];
      names.forEach((name, at) => {
        if (multiples === null || multiples[at] === 0) return;
        const lost = loss(name, multiples[at]);
        if (found < 0 || lost < least) [found, least] = [at, lost];
      });
      return found;
    };
    this.#best = {
      mean: best((name) => relativeError(statistics.mean(name))),
      noise: best((name, multiple) => statistics.shotNoise(name) / multiple ** 2),
    };
  }

  mean(at: number): Estimate {
    const { multiples, names, statistics } = this;
    if (multiples === null) return statistics.mean(names[at]);
    if (multiples[at] === 0) return { value: 0, error: 0 };
    const { mean } = this.#best;
    return scaled(statistics.mean(names[mean]), multiples[at] / multiples[mean]);
  }

  covariance(a: number, b: number): Estimate {
    const { multiples, names, statistics } = this;
    if (multiples === null) return statistics.covariance(names[a], names[b]);
    if (multiples[a] === 0 || multiples[b] === 0) return { value: 0, error: 0 };
    const { noise } = this.#best;
    const by = (multiples[a] * multiples[b]) / multiples[noise] ** 2;
    return scaled(statistics.covariance(names[noise], names[noise]), by);
  }

  cumulants(at: number, order: number): number[] {
    const known = [this.mean(at).value, this.covariance(at, at).value].slice(0, order);
    if (order <= 2) return known;
    const { multiples, names, statistics } = this;
    if (multiples === null) return [...known, ...statistics.cumulants(names[at], order).slice(2)];
    if (multiples[at] === 0) return Array.from({ length: order }, () => 0);
    const { noise } = this.#best;
    const factor = multiples[at] / multiples[noise];
    const higher = statistics.cumulants(names[noise], order).slice(2);
    return [...known, ...higher.map((c, k) => c * factor ** (k + 3))];
  }
}

/** w_heat/w_quanta where every jump's heat is that many times its quanta; null where it is not. */
function heatOfQuantum({ weights: [quanta, heat] }: JumpElements): number | null {
  const first = quanta.findIndex((w) => w !== 0);
  if (first < 0) return null;
  const ratio = heat[first] / quanta[first];
  const isConstant = quanta.every(
    (w, e) => Math.abs(heat[e] - ratio * w) <= 16 * Number.EPSILON * Math.abs(heat[e]),
  );
  return isConstant ? ratio : null;
}

const QUANTA = 'quanta of ';
const HEAT = 'heat of ';

/**
 * @throws {NoSectorError | EigenbasisError} where there is no sector to solve in
 * @throws {NonUniqueSteadyStateError}
 */
export function fluctuations(request: FluctuationRequest): Fluctuations {
  const { machine, of, values, window, betas, order } = request;
  const compiled = compiledSector(machine, of, values);
  const { baths, multiples } = programOf(compiled, request);
  const { sector } = compiled.on(window);
  sector.numbers.fill(values);
  const factors = ConservingFactors.of(
    (centre) => sector.assemble(centre),
    sector.siteOf(Math.min(Math.max(-window.lmin, 0), window.size - 1)),
  );
  const rho = factors.nullVector;
  const elements = baths.map(({ jumps }) => jumps.on(sector));
  const counters: Counter[] = [];
  const perQuantum: (number | null)[] = [];
  baths.forEach(({ name, quantum, hasHeat }, b) => {
    const { weights } = elements[b];
    const isProportional = quantum !== null && hasHeat ? heatOfQuantum(elements[b]) : null;
    perQuantum.push(isProportional);
    if (quantum !== null) {
      counters.push({ name: QUANTA + name, elements: elements[b], weight: weights[0] });
    }
    if (hasHeat && isProportional === null) {
      const weight = weights[weights.length - 1];
      counters.push({ name: HEAT + name, elements: elements[b], weight });
    }
  });
  const statistics = new CountingStatistics(
    sector,
    factors,
    counters,
    RELATIVE + lostOf(compiled, sector, rho, thermalOf(compiled, baths, elements)),
  );
  const counted = baths.filter(({ quantum }) => quantum !== null).map(({ name }) => name);
  const quanta = new Quanta(
    statistics,
    counted.map((name) => QUANTA + name),
    multiples,
  );
  const { logarithm, entropy: vonNeumann } = logarithmOf(sector, rho);
  const activities = elements.map(({ value, from, arrives }) => {
    let total = 0;
    for (let e = 0; e < value.length; e++) if (arrives[e] === 1) total += value[e] * rho[from[e]];
    return total;
  });
  const activity = activities.reduce((a, b) => a + b, 0);
  let inBareStates: ReturnType<typeof bareReading> | undefined;
  const entropies = baths.map(({ entropy, isBare }) => {
    if (!isBare) return entropy.read(sector, rho, logarithm);
    inBareStates ??= bareReading(request, compiled, rho);
    const { sector: bare, x, logarithm: ofBare } = inBareStates;
    return entropy.read(bare, x, ofBare);
  });
  const entropyProduction = entropies.reduce(
    (total: Estimate | null, { value, error }) =>
      total === null || value === null || error === null
        ? null
        : { value: total.value + value, error: total.error + error },
    { value: 0, error: 0 },
  );
  const heats = baths.map(({ name, hasHeat }, b): BathFluctuations['heat'] => {
    if (!hasHeat) return null;
    const ratio = perQuantum[b];
    if (ratio === null) {
      return {
        mean: statistics.mean(HEAT + name),
        noise: statistics.covariance(HEAT + name, HEAT + name),
      };
    }
    const at = counted.indexOf(name);
    return {
      mean: scaled(quanta.mean(at), ratio),
      noise: scaled(quanta.covariance(at, at), ratio ** 2),
    };
  });
  let clausius: number | null = 0;
  baths.forEach(({ name }, b) => {
    const [beta, heat] = [betas[name] ?? null, heats[b]];
    clausius =
      clausius === null || beta === null || heat === null
        ? null
        : clausius - beta * heat.mean.value;
  });
  const { y, magnitudes } = sector.derivative(rho);
  return {
    window,
    baths: baths.map(({ name, quantum }, b) => ({
      name,
      quanta:
        quantum === null
          ? null
          : countedQuanta(quanta, counted.indexOf(name), order, entropyProduction, activity),
      heat: heats[b],
      activity: activities[b],
      entropyProduction: entropies[b],
    })),
    covariances: counted.flatMap((a, i) =>
      counted.slice(i + 1).map((b, k) => ({
        baths: [a, b] as const,
        covariance: quanta.covariance(i, i + 1 + k),
      })),
    ),
    activity,
    entropyProduction,
    entropy: vonNeumann,
    clausius,
    residual: sector.norm(y),
    scale: sector.norm(magnitudes),
    edges: edgesOf(compiled, window, rho, (charge, unknown) => sector.index(charge, unknown)),
  };
}

const thermalOf = (
  { thermal }: CompiledSector,
  baths: readonly BathProgram[],
  elements: readonly JumpElements[],
) => elements.filter((_, b) => thermal.includes(baths[b].name));

/**
 * How much of the populations may be lost, relative to themselves, where what a strong load moves between eigenstates
 * cancels: of each state what rounding leaves of that, by what the slowest of the thermal baths takes.
 */
function lostOf(
  { program, pairs }: CompiledSector,
  sector: BoundSector,
  rho: Float64Array,
  thermal: readonly JumpElements[],
): number {
  if (pairs.length === 0) return 0;
  const coherent = sector.coherentFlow(rho);
  const { siteWidth, sitePaired, reach } = sector;
  const stateOf = (at: number) =>
    program.states - 1 - (((at % siteWidth) - reach * program.paired) % program.states);
  let most = 0;
  for (const { from, value, arrives } of thermal) {
    const taken = new Float64Array(program.states);
    for (let e = 0; e < value.length; e++) {
      if (arrives[e] === 1 && from[e] % siteWidth >= sitePaired) {
        taken[stateOf(from[e])] += value[e] * rho[from[e]];
      }
    }
    taken.forEach((rate, s) => {
      if (coherent[s] > 0 && rate > 0) most = Math.max(most, (RELATIVE * coherent[s]) / rate);
    });
  }
  return most;
}

/** The state between bare states, and its logarithm. */
function bareReading(request: FluctuationRequest, compiled: CompiledSector, rho: Float64Array) {
  const { values, window } = request;
  const { elements } = compiled.on(window).stateOf(values, rho);
  const { sector } = bareOf(request).on(window);
  sector.numbers.fill(values);
  const x = bareVector(sector, elements);
  return { sector, x, logarithm: logarithmOf(sector, x).logarithm };
}

function countedQuanta(
  quanta: Quanta,
  at: number,
  order: number,
  entropyProduction: Estimate | null,
  activity: number,
): CountedQuanta {
  const [mean, noise] = [quanta.mean(at), quanta.covariance(at, at)];
  // What is rounding alone says nothing.
  const flows = Math.abs(mean.value) > mean.error && noise.value > noise.error;
  const bound = (cost: number) => (noise.value * cost) / mean.value ** 2;
  return {
    mean,
    noise,
    fano: flows ? noise.value / Math.abs(mean.value) : null,
    uncertainty: flows && entropyProduction !== null ? bound(entropyProduction.value) : null,
    kineticUncertainty: flows ? bound(activity) : null,
    cumulants: quanta.cumulants(at, order),
  };
}

function edgesOf(
  { program }: CompiledSector,
  { size }: Window,
  rho: Float64Array,
  index: (charge: number, unknown: number) => number,
): readonly [number, number] {
  const populationAt = (i: number) => {
    let total = 0;
    for (let s = 0; s < program.states; s++) {
      const { unknown } = program.unknownOf[program.classOf(s, s)];
      total += rho[index(i + program.offsets[s], unknown)];
    }
    return total;
  };
  return [populationAt(0), populationAt(size - 1)];
}
