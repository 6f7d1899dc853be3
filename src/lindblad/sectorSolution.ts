/**
 * Steady states of a machine in the sector of its populations: compiled once for the terms that are there, bound once
 * for each window, then solved device after device.
 */
import { fromNumber } from '../machine/doubleDouble.js';
import { ExactNumbers } from '../machine/exactNumbers.js';
import { constant, level, productOf, sumOf } from '../machine/expression.js';
import { activeMachine, activityKey, type Machine } from '../machine/machine.js';
import { ladderOperator, type OperatorForm, real, sum } from '../machine/operatorForm.js';
import { bounds, EVERYWHERE } from '../machine/range.js';
import type { Numbers, Place, Values } from '../machine/tape.js';
import type { Window } from '../model/window.js';
import { conservingNullVector, type Ending } from '../solve/conservingElimination.js';
import { conservedCharges } from './charges.js';
import { EigenbasisError, type PairEigenbasis, type PairPlaces } from './eigenbasis.js';
import { type ElementClass, type EquationForm, movesOf } from './equation.js';
import { exactStateReader } from './exactState.js';
import {
  type ElementReader,
  type ElementTable,
  type Estimate,
  FlowProgram,
  meanOf,
  type Quantity,
  type StateReader,
} from './flows.js';
import { globalEquation, hamiltonianOf, localEquation } from './masterEquation.js';
import { type BoundSector, RELATIVE, SectorProgram } from './sectorProgram.js';

export type MasterEquation = 'local' | 'global';

/** Charges that are tried as multiples of one another. */
const TRIED = [-1, 0, 1] as const;
const MOST_CHARGES = 3;

/**
 * Σ_s Σ_l (c_s + m l)|s, l⟩⟨s, l| of small combinations of the conserved charges.
 * @param equation between bare states: pairs that H mixes have one charge, which so is that of their eigenstates
 */
function chargeOperators(equation: EquationForm): OperatorForm[] {
  const { states } = equation;
  const charges = conservedCharges(movesOf(equation))
    .filter((c) => c[states] !== 0 || c.some((x, s) => s < states && x !== c[0]))
    .slice(0, MOST_CHARGES);
  let combinations: Float64Array[] = [new Float64Array(states + 1)];
  for (const charge of charges) {
    combinations = combinations.flatMap((c) =>
      TRIED.map((t) => c.map((x, i) => x + t * charge[i])),
    );
  }
  const found: OperatorForm[] = [];
  for (const c of combinations) {
    // Of a charge and its negative one is enough, and a constant is none.
    const first = c.findIndex((x, s) => (s === states ? x !== 0 : x !== c[0]));
    const relative = first === states ? c[states] : c[first] - c[0];
    if (first < 0 || relative < 0) continue;
    found.push(
      Array.from({ length: states }, (_, s) => ({
        to: s,
        from: s,
        shift: 0,
        range: EVERYWHERE,
        f: real(sumOf(constant(c[s] - c[0]), productOf(constant(c[states]), level))),
      })),
    );
  }
  return found;
}

/** The relative error of a flow that is good enough for nothing better to be tried. */
const GOOD = 1e-11;
const MOST_WINDOWS = 16;

/** Why there is no sector to solve in. */
export class NoSectorError extends Error {
  override readonly name = 'NoSectorError';
}

const compiledSectors = new Map<string, CompiledSector>();
const machineKeys = new WeakMap<Machine, string>();
let machines = 0;

/** The compiled machine of a device: made once for all devices with the same terms. */
export function compiledSector(
  machine: Machine,
  model: MasterEquation,
  values: Values,
): CompiledSector {
  let name = machineKeys.get(machine);
  if (name === undefined) {
    name = `${machines++}`;
    machineKeys.set(machine, name);
  }
  const key = `${name} ${model} ${activityKey(machine, values)}`;
  let known = compiledSectors.get(key);
  if (known === undefined) {
    known = new CompiledSector(activeMachine(machine, values), model);
    compiledSectors.set(key, known);
  }
  return known;
}

/** A machine with its master equation and the terms that are there, ready for any window. */
export class CompiledSector {
  readonly program: SectorProgram;
  readonly flows: FlowProgram;
  readonly pairs: readonly PairPlaces[];
  readonly #frequencies: readonly {
    readonly place: Place;
    readonly range: (size: number) => readonly [number, number];
  }[];
  readonly quantities: Readonly<Record<string, Quantity>>;
  /** The classes of the sector between bare states. */
  readonly bareClasses: readonly ElementClass[];

  /**
   * @throws {NoSectorError} where no charge of the ladder is conserved; {EigenbasisError} where the global equation
   * has no eigenbasis in closed form
   */
  constructor(machine: Machine, model: MasterEquation) {
    const local = localEquation(machine);
    const global = model === 'global' ? globalEquation(machine) : null;
    const equation = global?.equation ?? local;
    const program = SectorProgram.of(equation);
    if (program === null) {
      throw new NoSectorError(`no charge of the ladder is conserved by ${machine.name}`);
    }
    this.program = program;
    this.quantities = quantitiesOf(machine, global?.basis ?? null);
    this.flows = new FlowProgram(program.tape, {
      bare: local,
      eigen: global?.equation ?? null,
      thermal: new Set(
        machine.baths.filter(({ kind }) => kind === 'thermal').map(({ name }) => name),
      ),
      balances: [
        ...chargeOperators(local).map((q, k) => ({
          key: `charge ${k}`,
          bare: q,
          eigen: q,
          isCharge: true,
        })),
        ...machine.energies.map(({ name }) => this.quantities[name]),
      ],
    });
    const { basis = null, frequencies = [] } = global ?? {};
    this.pairs =
      basis?.pairs.map((pair) => ({
        ...pair,
        cosine: program.tape.place(basis.cosine(pair)),
        sine: program.tape.place(basis.sine(pair)),
      })) ?? [];
    this.bareClasses = [...program.classes];
    for (const { u, v, apart } of this.pairs) {
      if (program.classOf(u, v) >= 0) continue;
      this.bareClasses = [
        ...this.bareClasses,
        { ket: u, bra: v, apart: -apart },
        { ket: v, bra: u, apart },
      ];
    }
    this.#frequencies = frequencies.map(({ term, quantum }) => ({
      place: program.tape.place(quantum),
      range: (size: number) => bounds(term.range, size),
    }));
  }

  readonly #bound = new Map<string, BoundMachine>();

  /** On a window: the one that was made for it before, where it is still kept. */
  on(window: Window): BoundMachine {
    const key = `${window.lmin} ${window.lmax}`;
    let known = this.#bound.get(key);
    if (known === undefined) {
      if (this.#bound.size >= MOST_WINDOWS) this.#bound.clear();
      known = this.bind(window);
      this.#bound.set(key, known);
    }
    return known;
  }

  bind(window: Window): BoundMachine {
    return new BoundMachine(this, this.program.bind(window));
  }

  /** The largest Bohr frequency at which a thermal bath acts on a window, whatever its sign; 0 without any. */
  frequencyOf(window: Window, numbers: Numbers): number {
    let largest = 0;
    for (const { place, range } of this.#frequencies) {
      const [first, end] = range(window.size);
      for (let i = first; i < end; i++) {
        const omega =
          place.kind === 'scalar' ? numbers.scalar(place.at) : numbers.table(place.at)[i];
        largest = Math.max(largest, Math.abs(omega));
      }
    }
    return largest;
  }
}

function quantitiesOf(machine: Machine, basis: PairEigenbasis | null): Record<string, Quantity> {
  const { states, energies } = machine;
  const quantity = (key: string, form: OperatorForm): [string, Quantity] => [
    key,
    { key, bare: form, eigen: basis?.rotated(form) ?? null, isCharge: false },
  ];
  return {
    ...Object.fromEntries(energies.map(({ name, operator }) => quantity(name, operator))),
    ...Object.fromEntries([
      quantity('free', sum(...energies.filter((e) => e.isHeat).map(({ operator }) => operator))),
      quantity('level', ladderOperator(states, 0, level)),
    ]),
    total: {
      key: 'total',
      bare: hamiltonianOf(machine),
      eigen: basis?.hamiltonian() ?? null,
      isCharge: false,
    },
  };
}

/** A steady state: its elements between bare states with their errors, and what can be asked of it. */
export interface SectorState {
  readonly window: Window;
  readonly elements: ElementReader;
  /** The classes that it has elements in. */
  readonly classes: readonly ElementClass[];
  /** ‖𝓛ρ‖ (Frobenius norm), and the same of the magnitudes of all terms: what it is judged against. */
  readonly residual: number;
  readonly scale: number;
  /** d⟨quantity⟩/dt by channels together. */
  flow(quantity: string, channels: readonly string[]): Estimate;
}

/** A machine on a window, with memory for the numbers of one device at a time. */
export class BoundMachine {
  #madeExact: ExactNumbers | null = null;

  constructor(
    readonly compiled: CompiledSector,
    readonly sector: BoundSector,
  ) {}

  /**
   * The steady state of a device.
   * @param level where the populations are expected to be largest, by its index in the window
   * @throws {NonUniqueSteadyStateError}
   */
  steadyState(values: Values, level = -this.sector.window.lmin): SectorState {
    const { sector } = this;
    sector.numbers.fill(values);
    const start = sector.siteOf(Math.min(Math.max(level, 0), sector.window.size - 1));
    const { unknowns, ...ending } = conservingNullVector(
      (centre) => sector.assemble(centre),
      start,
    );
    return this.#stateOf(values, unknowns, ending);
  }

  /** The state that has these unknowns, whoever solved for them. @param x in the order of `sector.index` */
  stateOf(values: Values, x: Float64Array): SectorState {
    const { sector } = this;
    sector.numbers.fill(values);
    return this.#stateOf(values, x, { centre: sector.peak(x), free: sector.siteWidth - 1 });
  }

  /** Numbers with about 30 digits, made for the first state that needs them. */
  get #exactNumbers(): ExactNumbers {
    const { window, program } = this.sector;
    this.#madeExact ??= new ExactNumbers(program.tape, window.lmin, window.size);
    return this.#madeExact;
  }

  #stateOf(values: Values, unknowns: Float64Array, ending: Ending): SectorState {
    const { sector, compiled } = this;
    const { window, numbers } = sector;
    let device = numbers.device;
    const { y, magnitudes } = sector.derivative(unknowns);
    const eigen = elementReader(sector, unknowns, sector.errors(unknowns, magnitudes));
    const bare =
      compiled.pairs.length === 0 ? eigen : betweenBareStates(eigen, compiled.pairs, numbers);
    const elements = { bare, eigen };
    // Between eigenstates what a strong load moves by itself cancels against what it moves through coherences. What
    // rounding leaves of that, the baths carry away.
    const cancelled =
      compiled.pairs.length === 0
        ? 0
        : sector.coherentFlow(unknowns) * compiled.frequencyOf(window, numbers);
    const reader: StateReader = {
      good: GOOD,
      floor: RELATIVE * cancelled,
      known: [],
      read: [],
      number: (at) => {
        const value = numbers.scalar(at);
        return { value: fromNumber(value), error: Number.EPSILON * Math.abs(value) };
      },
      mean: (functional, representation) => meanOf(functional, numbers, elements[representation]),
    };
    let exactReader: StateReader | null | undefined;
    const exact = (): StateReader | null => {
      const exactNumbers = this.#exactNumbers;
      if (exactNumbers.values !== values) exactNumbers.fill(values);
      if (exactReader === undefined) {
        exactReader = exactStateReader({
          sector,
          numbers: exactNumbers,
          ending,
          unknowns,
          eigen,
          pairs: compiled.pairs,
          cancelled,
        });
      }
      return exactReader;
    };
    return {
      window,
      elements: bare,
      classes: compiled.bareClasses,
      residual: sector.norm(y),
      scale: sector.norm(magnitudes),
      flow: (name, channels) => {
        // Another device may have been put in since.
        if (numbers.device !== device) {
          numbers.fill(values);
          device = numbers.device;
        }
        const found = compiled.flows.flow(compiled.quantities[name], channels, reader, exact);
        if (found !== null) return found;
        throw new RangeError(`the flow of ${name} by ${channels.join(' and ')} is not known`);
      },
    };
  }
}

/** Reads the unknowns of a sector, each class when it is first asked for. */
function elementReader(sector: BoundSector, x: Float64Array, errors: Float64Array): ElementReader {
  const { program, window } = sector;
  const known: (ElementTable | undefined)[] = [];
  return {
    window,
    read: (ket, bra, apart) => {
      const c = program.classOf(ket, bra);
      if (c < 0 || program.classes[c].apart !== apart) return null;
      known[c] ??= { ...sector.elements(x, c), error: sector.errorTable(errors, c) };
      return known[c];
    },
  };
}

/** The same state between bare states: each pair is turned back by its angle. */
function betweenBareStates(
  eigen: ElementReader,
  pairs: readonly PairPlaces[],
  numbers: Numbers,
): ElementReader {
  const { size } = eigen.window;
  const turned = new Map<string, ElementTable>();
  const at = (place: Place, i: number) =>
    place.kind === 'scalar' ? numbers.scalar(place.at) : numbers.table(place.at)[i];
  for (const { u, v, apart, cosine, sine } of pairs) {
    const upper = eigen.read(u, u, 0) as ElementTable;
    const lower = eigen.read(v, v, 0) as ElementTable;
    const coherence = eigen.read(u, v, -apart);
    const [p, q] = [upper, lower].map(
      ({ re, error }): ElementTable => ({ re: re.slice(), im: null, error: error.slice() }),
    );
    const mixed = {
      re: new Float64Array(size),
      im: new Float64Array(size),
      error: new Float64Array(size),
    };
    for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
      const j = i + apart;
      const [c, s] = [at(cosine, i), at(sine, i)];
      const [d, e] = [upper.re[j], lower.re[i]];
      const [x, y] = coherence === null ? [0, 0] : [coherence.re[j], coherence.im?.[j] ?? 0];
      const lost = coherence === null ? 0 : coherence.error[j];
      // Nothing cancels: sin²α is at most ½.
      const moved = s * s * (d - e) + 2 * c * s * x;
      p.re[j] = d - moved;
      q.re[i] = e + moved;
      const more = s * s * (upper.error[j] + lower.error[i]) + 2 * Math.abs(c * s) * lost;
      p.error[j] += more;
      q.error[i] += more;
      mixed.re[j] = c * s * (d - e) + (c * c - s * s) * x;
      mixed.im[j] = y;
      mixed.error[j] = Math.abs(c * s) * (upper.error[j] + lower.error[i]) + lost;
    }
    turned.set(`${u} ${u}`, p);
    turned.set(`${v} ${v}`, q);
    turned.set(`${u} ${v}`, mixed);
    const conjugated = (values: Float64Array, sign: 1 | -1) =>
      Float64Array.from({ length: size }, (_, i) => sign * (values[i + apart] ?? 0));
    turned.set(`${v} ${u}`, {
      re: conjugated(mixed.re, 1),
      im: conjugated(mixed.im, -1),
      error: conjugated(mixed.error, 1),
    });
  }
  const inPair = new Set(pairs.flatMap(({ u, v }) => [u, v]));
  return {
    window: eigen.window,
    read: (ket, bra, apart) => {
      const found = turned.get(`${ket} ${bra}`);
      if (found !== undefined) return found;
      const table = eigen.read(ket, bra, apart);
      if (table !== null && (inPair.has(ket) || inPair.has(bra))) {
        throw new EigenbasisError('coherences between different pairs are not turned back');
      }
      return table;
    },
  };
}
