/**
 * What every command prints with `--json`, as schemas made of the records of parameters and observables. JSON has no
 * number that is not finite: where one would stand, as in results that are marked as not converged, there is null.
 */
import { z } from 'zod';
import { initialSchema } from '../model/initial.js';
import { PARAMETER_NAMES, parameterRecords } from '../model/parameterRecords.js';
import { deviceSchema } from '../model/parameters.js';
import { METHODS } from '../simulate/methods.js';
import {
  ASKED_NAMES,
  describedObservable,
  OBSERVABLE_NAMES,
  type ObservableName,
  observableRecord,
} from '../simulate/observableRecords.js';
import { grouped, isOfAnyState } from '../simulate/observe.js';
import { CONDITIONS, type Condition, VALIDITY_VERDICTS } from '../thermo/validity.js';
import { type RunName, runRecords } from './runRecords.js';
import { unitInText } from './words.js';

/** Grows where a field goes or means something else; new fields may join at any time. */
export const SCHEMA_VERSION = 1;

/** A number with its description and unit. */
const number = (description: string, unit = '1') =>
  z
    .number()
    .nullable()
    .meta({ description, ...(unit === '' || unit === '1' ? {} : { unit: unitInText(unit) }) });

/** A list of objects, as rows of a table along a dimension. */
const rows = <T extends z.ZodType>(row: T, along: string) => z.array(row).meta({ along });

/** A number that runs report beside the observables. */
const ofRun = (name: RunName) => number(runRecords[name].description, runRecords[name].unit);

const text = (description: string) => z.string().meta({ description });
const flag = (description: string) => z.boolean().meta({ description });
const whole = (description: string) => z.int().meta({ description });
/** Numbers along a dimension: `l` of rotor levels, `angle`, or `qubits` of 00, 01, 10 and 11. */
const numbers = (description: string, along: string) =>
  z.array(z.number().nullable()).meta({ description, along });

/** A mean over trajectories and its errors. */
const estimate = (description: string, unit = '1') =>
  z
    .object({
      mean: number('mean over the trajectories', unit),
      error: number(
        'its error bar, which reckons with one trajectory more; null of a single trajectory',
        unit,
      ),
      standardError: number('of the sample alone; null of a single trajectory', unit),
    })
    .meta({ description });

/** What an observable's record promises. */
function observable(name: ObservableName): z.ZodType {
  const { unit, words, isFlag, absent, notComputed } = observableRecord(name);
  const title = describedObservable(name);
  if (words !== undefined) return z.enum(words).meta({ description: title });
  if (isFlag === true) return flag(title);
  const missing = absent ?? notComputed;
  return number(missing === undefined ? title : `${title}; null ${missing}`, unit);
}

type Field = (name: ObservableName) => z.ZodType;

/** Fields of observables, those of a group in an object, and what else is in the group. */
function observables(
  names: readonly ObservableName[],
  more: Readonly<Record<string, z.ZodRawShape>> = {},
  field: Field = observable,
): z.ZodRawShape {
  const groups = grouped(names.map((name) => [name, field(name)]));
  return Object.fromEntries(
    Object.entries(groups).map(([group, members]) => [
      group,
      members instanceof z.ZodType
        ? members
        : z.object({ ...(members as z.ZodRawShape), ...more[group] }),
    ]),
  );
}

/** The same where each of them is there if it was asked for. */
const named = (names: readonly ObservableName[]): z.ZodRawShape =>
  Object.fromEntries(
    Object.entries(observables(names, {}, (name) => observable(name).optional())).map(
      ([group, field]) => [group, (field as z.ZodType).optional()],
    ),
  );

const members = (group: string) => OBSERVABLE_NAMES.filter((name) => name.startsWith(`${group}.`));

const model = deviceSchema.shape.model.unwrap();

const parameters = z.object(
  Object.fromEntries(
    PARAMETER_NAMES.map((name) => {
      const { description, unit } = parameterRecords[name];
      return [name, z.number().meta({ description, ...(unit === '' ? {} : { unit }) })];
    }),
  ),
);

const device = {
  model,
  parameters,
  cutoff: number('cutoff Ω of the spectral densities, of the global model', 'energy').optional(),
};

const backend = z.object({
  name: text('what computed'),
  adapter: z.string().nullable().meta({ description: 'the GPU; null on the CPU' }),
  precision: z.enum(['f32', 'f64']).meta({ description: 'of the answer' }),
});

const backendReason = text('why this backend: as asked for, or by what auto goes');

const complete = flag('false where it was interrupted');
const seconds = number('time it took', 's');

const windowEdges = {
  lmin: whole('lowest rotor level'),
  lmax: whole('highest rotor level'),
  edgeLow: number('population of the lowest level'),
  edgeHigh: number('population of the highest level'),
  converged: flag('whether what lies beyond the window is below the tolerance'),
};

const conditionNames = Object.keys(CONDITIONS) as readonly Condition[];
const validity = z
  .object({
    ...Object.fromEntries(
      conditionNames.map((name) => {
        const { symbol, description } = CONDITIONS[name];
        return [name, number(`${symbol}: ${description}; null where the model does not need it`)];
      }),
    ),
    verdict: z.enum(VALIDITY_VERDICTS),
    because: z.array(z.enum(conditionNames)).meta({ description: 'what makes the verdict' }),
  })
  .meta({ description: 'where the model holds: what has to be small' });

const rotorPopulations = { populations: numbers('of each level of the window, from lmin on', 'l') };
const qubitPopulations = { populations: numbers('of 00, 01, 10, 11', 'qubits') };
const angleDensity = {
  angle: numbers('density of the angle at 2πk/n, where asked for', 'angle').optional(),
};

/** Of the user's own form: kept as it was given. */
const initial = z.object(initialSchema.shape).meta({ verbatim: true });

const flowErrors = z
  .object({
    heat: z.object(
      Object.fromEntries(members('heat').map((name) => [name.slice(5), observable(name)])),
    ),
    work: z.object(
      Object.fromEntries(members('work').map((name) => [name.slice(5), observable(name)])),
    ),
    intrinsic: observable('power.intrinsic'),
    Lz: observable('rotor.Lz'),
  })
  .nullable()
  .meta({ description: 'what may have been lost of each flow, absolutely' });

const solverFields = z.object({
  space: z.enum(['sector', 'band', 'full']),
  dmax: z.int().nullable().meta({ description: 'largest |l_ket − l_bra| of a band' }),
  bandError: number('largest change of an element from this band to the next wider one'),
  method: z.enum([...METHODS, 'elimination']),
  iterations: whole('applications of the generator by the inner solver'),
  passes: whole('refinements around it'),
  refinement: text('where and in which arithmetic solution and residual were kept'),
  residualFloor: number('norm of the derivative that rounding alone leaves', 'energy'),
  errorEstimate: number('about how far ρ is from the exact steady state'),
  converged: flag('whether the residual is within the tolerance'),
  problems: z.array(z.string()).meta({ description: 'what is wrong, each in words' }),
  reason: text('why this space and method'),
  residual: number('norm of the derivative', 'energy'),
  relativeResidual: number('the same in units of the sum of what it is a difference of'),
  traceError: number('|Tr ρ − 1|'),
  hermiticityError: number('largest |ρ − ρ†|'),
  seconds,
});

const steady = z.object({
  ...device,
  backend,
  solver: z.object({
    ...solverFields.shape,
    backendReason,
    precision: text('what computed in which precision'),
    smallestEigenvalue: z.object({
      value: number('of ρ'),
      exact: flag('false where the value is a lower bound'),
    }),
  }),
  complete,
  truncation: z.object({
    ...windowEdges,
    problems: z.array(z.string()).meta({ description: 'what is cut off, each in words' }),
  }),
  validity,
  flowErrors,
  ...observables(OBSERVABLE_NAMES, {
    rotor: { ...rotorPopulations, ...angleDensity },
    qubits: qubitPopulations,
  }),
  ...named(ASKED_NAMES),
});

const unsolvedSolver = z.object({
  converged: z.literal(false),
  unique: z.literal(false).nullable().meta({ description: 'false where it is not unique' }),
  problems: z.array(z.string()).min(1),
  seconds,
});

const unsolved = z.object({ ...device, backend, solver: unsolvedSolver, complete });

const machine = {
  machine: z.object({ name: z.string(), file: z.string(), source: z.string() }),
  parameters: z.record(z.string(), z.number()).meta({ description: 'of the machine, by name' }),
};

/** A number of each of the machine's own things, by name. */
const byName = (description: string) =>
  z.record(z.string(), z.number().nullable()).meta({ description });

/** What is read of its state, at rest or at a time. */
const machineNumbers = {
  ladder: z
    .object({
      symbol: z.string(),
      mean: number('mean of the quantity that counts the levels'),
      meanSquare: number('of its square'),
      variance: number('of it'),
      ...rotorPopulations,
    })
    .nullable(),
  energies: byName('mean of each energy'),
  heat: byName('heat flow from each bath'),
  work: byName('work flow by each bath'),
  observables: z
    .record(
      z.string(),
      z.union([z.number().nullable(), z.object({ re: number('real'), im: number('imaginary') })]),
    )
    .meta({ description: 'means of the operators that the file names' }),
};

/** What --machine prints. */
const machineSteady = z.object({
  ...machine,
  truncation: z.object({
    lmin: windowEdges.lmin,
    lmax: windowEdges.lmax,
    edgeLow: windowEdges.edgeLow,
    edgeHigh: windowEdges.edgeHigh,
  }),
  backend,
  solver: solverFields.extend({ backendReason }),
  complete,
  populations: z
    .record(z.string(), byName('of its levels'))
    .meta({ description: 'of each subsystem' }),
  ...machineNumbers,
  flowErrors: z
    .object({ heat: byName('of the heat flows'), work: byName('of the work flows') })
    .meta({ description: 'what may have been lost of each flow; null where it is not known' }),
  totalHeat: number('of all baths'),
  totalWork: number('of all baths'),
  firstLaw: number('heat and work together: rounding, where everything is right'),
  entropyProduction: number('−Σ βQ; null where a bath that gives heat has no temperature'),
});

const machineUnsolved = z.object({ ...machine, solver: unsolvedSolver, complete });

const fluctuationSolver = solverFields.pick({
  space: true,
  method: true,
  converged: true,
  problems: true,
  residual: true,
  relativeResidual: true,
  seconds: true,
});

const edges = z.object({
  lmin: windowEdges.lmin,
  lmax: windowEdges.lmax,
  edgeLow: windowEdges.edgeLow,
  edgeHigh: windowEdges.edgeHigh,
});

const complexNumber = { re: number('real part'), im: number('imaginary part') };
const complex = (description: string) => z.object(complexNumber).meta({ description });
const knownComplex = (description: string) =>
  z
    .object({ ...complexNumber, error: number('what may have been lost of it, absolutely') })
    .meta({ description });

const noiseAtFrequencies = rows(
  z.object({
    omega: number('angular frequency', '1/time'),
    noise: byName('∫ e^(−iωτ) ⟨δI(τ)δI⟩ dτ of each current'),
    covariances: z
      .record(z.string(), z.object(complexNumber))
      .meta({ description: 'the same of two currents, as a_b' }),
    heatNoise: byName('the same of the heat from each bath'),
    errors: z.object({
      noise: byName('of the noise'),
      covariances: byName('of the covariances'),
      heatNoise: byName('of the noise of heat'),
    }),
  }),
  'frequency',
);

const largeDeviations = z
  .record(
    z.string(),
    rows(
      z.object({
        chi: number('counting field'),
        scgf: number('θ(χ): the mean of e^(χN) grows as e^(θt)', '1/time'),
        error: number('what may have been lost of it', '1/time'),
        current: number('θ′(χ)', '1/time'),
        rate: number('χθ′ − θ: the probability of that current falls as e^(−rate·t)', '1/time'),
      }),
      'field',
    ),
  )
  .meta({ description: 'of each current' });

const waitingTimes = z.object({
  jumps: z.array(z.string()).meta({ description: 'baths, with :in or :out where not all jumps' }),
  rate: number('these jumps by time', '1/time'),
  mean: number('time from one to the next: 1 by the rate; null where there are none', 'time'),
  variance: number('of that time', 'time²'),
  error: number('how far mean · rate is from 1'),
  distribution: rows(
    z.object({
      tau: number('time from one to the next', 'time'),
      density: number('its probability by time', '1/time'),
      error: number('what may have been lost of it', '1/time'),
    }),
    'time',
  ),
});

const fluctuationNumbers = {
  noiseSpectrum: noiseAtFrequencies.optional(),
  largeDeviations: largeDeviations.optional(),
  waitingTimes: waitingTimes.optional(),
  currents: byName('quanta that each bath brings into the machine by time'),
  noise: byName('zero-frequency noise of each current, and covariances of two, as a_b'),
  heat: byName('heat flow from each bath'),
  heatNoise: byName('zero-frequency noise of the heat from each bath'),
  entropyProduction: byName(
    'by each bath (Spohn); their sum; clausius: −Σ βQ; null where it is infinite or not known',
  ),
  entropy: z.object({ total: number('−Tr ρ ln ρ of the whole state') }),
  activity: byName('jumps of each bath by time; their sum'),
  cumulants: z
    .record(z.string(), numbers('from the first, the mean, on', 'order'))
    .meta({ description: 'of each current, by time' }),
  errors: z
    .object({
      currents: byName('of the currents'),
      noise: byName('of the noise'),
      heat: byName('of the heat flows'),
      heatNoise: byName('of their noise'),
      entropyProduction: byName('of the entropy productions'),
    })
    .meta({ description: 'what may have been lost of each number, absolutely' }),
  notes: z.array(z.string()).meta({ description: 'why numbers are not there' }),
};

const fano = (current: string) => number(`noise of ${current} by its |current|`);
const uncertainty = (current: string) =>
  number(`noise of ${current} · entropy production/current²; classically at least 2`);
const kinetic = (current: string) =>
  number(`noise of ${current} · jumps/current²; classically at least 1`);

const fluctuationsOf = z.object({
  ...device,
  backend,
  solver: fluctuationSolver,
  truncation: edges,
  complete,
  ...fluctuationNumbers,
  fano_N1: fano('N1').optional(),
  fano_N2: fano('N2').optional(),
  fano_L: fano('loadAngularMomentum').optional(),
  TUR_N1: uncertainty('N1').optional(),
  TUR_N2: uncertainty('N2').optional(),
  TUR_L: uncertainty('loadAngularMomentum').optional(),
  KUR_N1: kinetic('N1').optional(),
  KUR_N2: kinetic('N2').optional(),
  KUR_L: kinetic('loadAngularMomentum').optional(),
});

const spectrumSolver = z.object({
  converged: flag('whether the window and every number are as good as they are printed'),
  problems: z.array(z.string()).meta({ description: 'what is not, each in words' }),
  seconds,
});

const mode = z.object({
  rate: number('−Re λ', '1/time'),
  frequency: number('Im λ', '1/time'),
  residual: number('‖LR − λR‖/‖R‖, elements of R by (p_ket p_bra)^¼'),
  condition: number('how far λ moves for a disturbance of the generator of norm 1; at least 1'),
  error: number('what may have been lost of λ', '1/time'),
  coalesced: whole('eigenvalues that are one to rounding, of which the mean is given; else 1'),
  overlaps: byName('|cos| of the angle between each observable, less its mean, and the mode'),
});

const modesOf = z.object({
  solver: spectrumSolver,
  truncation: edges,
  complete,
  charges: z
    .array(z.object({ offsets: z.array(z.int()), perLevel: z.int() }))
    .meta({ description: 'conserved charges: offsets[state] + perLevel · l' }),
  gapZeroSector: number('the slowest rate at charge 0', '1/time'),
  gapError: number('its error', '1/time'),
  relaxationTime: number('1 by the gap', 'time'),
  slowest: z.array(z.array(z.number())).meta({ description: 'Re λ and Im λ at charge 0' }),
  metastability: z
    .object({
      slow: whole('modes on the slow side of the widest ratio of rates'),
      ratio: number('that ratio'),
      from: number('when the fast modes are gone', 'time'),
      to: number('until when the slow ones stay', 'time'),
    })
    .nullable(),
  sectors: z.array(
    z.object({
      charge: z.array(z.int()),
      elements: whole('of the state that have this charge'),
      method: z.enum(['dense', 'arnoldi']),
      search: z
        .object({
          shift: z.array(z.number()).meta({ description: 'Re and Im' }),
          radius: number('all eigenvalues nearer than this to the shift were looked for', '1/time'),
          slowBeyond: whole('elements beyond that decay more slowly by themselves'),
        })
        .nullable(),
      modes: z.array(mode),
    }),
  ),
});

const modesAlong = z.object({
  solver: spectrumSolver,
  complete,
  along: z.object({
    parameter: text('that varies'),
    from: z.number(),
    to: z.number(),
    samples: whole('values of it that were looked at'),
    modes: whole('slowest modes of charge 0 that were'),
  }),
  exceptionalPoints: rows(
    z.object({
      at: number('the parameter'),
      error: number('how far that may be off'),
      rate: number('of the mode that is left', '1/time'),
      order: whole('modes that have become one'),
    }),
    'point',
  ),
});

/** The same as a table, with a row for each mode. */
const modeRows = modesOf.omit({ sectors: true }).extend({
  modes: rows(
    z.object({
      mode: whole('number of the mode'),
      charge: z
        .array(z.int())
        .meta({ description: 'ket less bra in each conserved charge', along: 'conserved' }),
      ...mode.shape,
    }),
    'mode',
  ),
});

const correlations = z.object({
  solver: spectrumSolver,
  truncation: edges,
  complete,
  from: number('time of B after the initial state; null in the steady state', 'time'),
  a: text('A'),
  b: text('B'),
  means: z.object({ a: complex('⟨A⟩'), b: complex('⟨B⟩') }),
  times: rows(
    z.object({
      tau: number('time from B to A', 'time'),
      correlation: knownComplex('⟨A(t + τ)B(t)⟩'),
      covariance: complex('⟨A(t + τ)B(t)⟩ − ⟨A(t + τ)⟩⟨B(t)⟩, with the same error'),
    }),
    'tau',
  ),
  frequencies: rows(
    z.object({
      omega: number('angular frequency', '1/time'),
      spectrum: knownComplex('∫ e^(−iωτ) ⟨δA(τ)δB⟩ dτ'),
    }),
    'omega',
  ),
});

const machineFluctuations = z.object({
  ...machine,
  backend,
  solver: fluctuationSolver,
  truncation: edges,
  complete,
  ...fluctuationNumbers,
  fano: byName('noise of each current by its magnitude'),
  TUR: byName('noise · entropy production/current²; classically at least 2'),
  KUR: byName('noise · jumps/current²; classically at least 1'),
});

const galleryMachine = z.object({
  machine: text('name in the gallery, or file'),
  name: z.string(),
  source: z.string(),
  text: z.string(),
  subsystems: z.record(z.string(), z.array(z.string())).meta({ description: 'their levels' }),
  ladder: text('kind of the ladder'),
  parameters: z.array(
    z.object({
      name: z.string(),
      default: z.number(),
      unit: z.string(),
      range: z.array(z.number().nullable()).length(2).meta({
        description: 'least and most; null where there is no such bound',
      }),
      text: z.string(),
    }),
  ),
});

const levels = z.object({
  ...machine,
  truncation: z.object({
    lmin: windowEdges.lmin,
    lmax: windowEdges.lmax,
    converged: z.boolean(),
  }),
  levels: rows(
    z.object({
      level: whole('0 for the lowest'),
      energy: number('eigenvalue of the Hamiltonian'),
      above: number('of the lowest'),
      change: number('where the window is an eighth smaller').nullable(),
    }),
    'level',
  ),
});

const evolve = z.object({
  ...device,
  initial,
  truncation: z.object({
    ...windowEdges,
    largestEdge: number('largest population of an edge at any time'),
  }),
  validity,
  backend,
  solver: z.object({
    space: z.enum(['sector', 'band', 'full']).optional(),
    dmax: z.int().nullable().optional(),
    bandEdge: number('largest element at the edge of a band').optional(),
    method: z.enum(['rational', 'chebyshev']).optional(),
    reason: text('why this space and method').optional(),
    backendReason,
    rtol: number('error of a step relative to the largest element of the initial state'),
    atol: number('error of a step in absolute terms'),
    steps: z
      .object({ accepted: whole('steps taken'), rejected: whole('steps taken again, shorter') })
      .optional(),
    seconds,
  }),
  complete,
  version: text('of quantum-mill'),
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      dU: ofRun('dU'),
      ...observables(
        OBSERVABLE_NAMES.filter(
          (name) => isOfAnyState(name) || /^(heat|work|power|ergotropy)\.|^firstLaw/.test(name),
        ),
        {
          rotor: { ...rotorPopulations, ...angleDensity },
          qubits: qubitPopulations,
        },
      ),
      traceError: number('|Tr ρ − 1|'),
      hermiticityError: number('largest |ρ − ρ†|'),
      smallestEigenvalue: number('of ρ'),
      edgeLow: windowEdges.edgeLow,
      edgeHigh: windowEdges.edgeHigh,
    }),
    't',
  ),
});

const machineEvolve = z.object({
  ...machine,
  truncation: z.object({
    lmin: windowEdges.lmin,
    lmax: windowEdges.lmax,
    largestEdge: number('largest population of an edge at any time'),
    converged: windowEdges.converged,
  }),
  backend,
  solver: z.object({
    method: z.enum(['rational', 'chebyshev']),
    reason: text('why this method'),
    backendReason,
    rtol: number('error of a step relative to the largest element of the initial state'),
    atol: number('error of a step in absolute terms'),
    seconds,
  }),
  complete,
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      populations: z
        .record(z.string(), numbers('of its levels', 'level'))
        .meta({ description: 'of each subsystem' }),
      ...machineNumbers,
      traceError: number('|Tr ρ − 1|'),
      edgeLow: windowEdges.edgeLow,
      edgeHigh: windowEdges.edgeHigh,
    }),
    't',
  ),
});

const estimated: Field = (name) => estimate(describedObservable(name), observableRecord(name).unit);
const estimatedOfRun = (name: RunName) =>
  estimate(runRecords[name].description, runRecords[name].unit);
const estimates = (description: string, along: string) =>
  z.array(estimate(description)).meta({ description, along });

const trajectories = z.object({
  ...device,
  initial,
  seed: whole('of the random numbers'),
  count: whole('trajectories'),
  complete,
  truncation: z.object(windowEdges),
  validity,
  errorBars: z.object({
    bars: number('how many error bars a mean may be off'),
    falseAlarms: number('in how many cases it is off by more, at most'),
    meaning: text('of an error bar'),
  }),
  backend: z.object({
    ...backend.shape,
    threads: z.int().nullable().meta({ description: 'null on a GPU' }),
  }),
  solver: z.object({
    space: text('what was followed'),
    method: text('how'),
    reason: text('why state vectors'),
    backendReason,
    seconds,
  }),
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      ...observables(
        [...members('heat'), 'rotor.Lz', 'rotor.Lz2'],
        { rotor: { populations: estimates('of each level of the window, from lmin on', 'l') } },
        estimated,
      ),
      qubits: z.object({ populations: estimates('of 00, 01, 10, 11', 'qubits') }),
      exchanged: z
        .object({
          Q1: estimatedOfRun('exchanged.Q1'),
          Q2: estimatedOfRun('exchanged.Q2'),
          Qr: estimatedOfRun('exchanged.Qr'),
        })
        .meta({ description: 'heat that jumps have carried until then' }),
      jumps: z.object({
        bath1: estimatedOfRun('jumps.bath1'),
        bath2: estimatedOfRun('jumps.bath2'),
        load: estimatedOfRun('jumps.load'),
      }),
    }),
    't',
  ),
});

/** Estimates of the machine's own things, by name. */
const estimatesByName = (description: string) =>
  z.record(z.string(), estimate(description)).meta({ description });

const machineTrajectories = z.object({
  ...machine,
  seed: trajectories.shape.seed,
  count: trajectories.shape.count,
  complete,
  truncation: z.object(windowEdges),
  errorBars: trajectories.shape.errorBars,
  backend: trajectories.shape.backend,
  solver: trajectories.shape.solver,
  snapshots: rows(
    z.object({
      t: ofRun('t'),
      populations: z
        .record(z.string(), estimates('of its levels', 'level'))
        .meta({ description: 'of each subsystem' }),
      ladder: z
        .object({
          symbol: z.string(),
          mean: estimate('of the quantity that counts the levels'),
          meanSquare: estimate('of its square'),
          populations: estimates('of each level of the window, from lmin on', 'l'),
        })
        .nullable(),
      energies: estimatesByName('mean of each energy'),
      heat: estimatesByName('heat flow from each bath'),
      work: estimatesByName('work flow by each bath'),
      exchanged: z.record(z.string(), estimate('heat of jumps until then').nullable()).meta({
        description: 'heat that the jumps of each bath have carried; null where it is not sharp',
      }),
      jumps: estimatesByName('jumps by each bath until then'),
      observables: z
        .record(
          z.string(),
          z.union([
            estimate('mean'),
            z.object({ re: estimate('real part'), im: estimate('imaginary part') }),
          ]),
        )
        .meta({ description: 'means of the operators that the file names' }),
    }),
    't',
  ),
});

/** What a collision's record has beside its number and time. */
const collided = {
  Q1: observable('heat.Q1'),
  Q2: observable('heat.Q2'),
  Qr: observable('heat.Qr'),
  WQ: observable('work.WQ'),
  Wr: observable('work.Wr'),
  dU: ofRun('dU'),
  firstLaw: observable('firstLaw'),
  entropyProduction: ofRun('entropyProduction'),
  n1: ofRun('n1'),
  n2: ofRun('n2'),
  Lz: observable('rotor.Lz'),
  Lz2: observable('rotor.Lz2'),
  coherence: ofRun('coherence'),
  coherence_imag: ofRun('coherence_imag'),
};

const collide = z.object({
  ...device,
  tau: number('duration of a collision', '1/energy'),
  initial,
  nmax: whole('most quanta of a bath'),
  baths: z.array(
    z.object({
      nmax: whole('most quanta'),
      weightCut: number('thermal weight that is cut off'),
    }),
  ),
  truncation: z.object(windowEdges),
  validity,
  backend,
  solver: z.object({ space: text('what was followed'), method: text('how'), seconds }),
  complete,
  collisions: rows(
    z.object({ step: whole(runRecords.step.description), t: ofRun('t'), ...collided }),
    'step',
  ),
  steady: z
    .object({
      ...collided,
      ...rotorPopulations,
      residual: number('norm of what a collision changes'),
      traceError: number('|Tr ρ − 1|'),
      truncation: z.object(windowEdges),
    })
    .optional()
    .meta({ description: 'the state that a collision leaves as it is' }),
});

const machineCollide = z.object({
  ...machine,
  tau: collide.shape.tau,
  truncation: machineEvolve.shape.truncation,
  backend,
  solver: collide.shape.solver,
  complete,
  collisions: rows(
    z.object({
      step: whole(runRecords.step.description),
      t: ofRun('t'),
      populations: z
        .record(z.string(), numbers('of its levels', 'level'))
        .meta({ description: 'of each subsystem, units as the collision leaves them' }),
      ladder: machineNumbers.ladder,
      energies: machineNumbers.energies,
      units: byName('energy that each unit leaves behind'),
      switching: number('energy of switching the coupling to fresh units on and off', 'energy'),
      heat: byName('heat that each bath brings in after the collision'),
      work: byName('work that each bath does after the collision'),
      dU: number('change of the energy of the machine', 'energy'),
      firstLaw: number('dU less all that was brought in', 'energy'),
      observables: machineNumbers.observables,
      traceError: number('|Tr ρ − 1|'),
      edgeLow: windowEdges.edgeLow,
      edgeHigh: windowEdges.edgeHigh,
    }),
    'step',
  ),
});

const rectification = z.object({
  R: number('rectification, Eqs. (39), (42)'),
  J: number('size of what is rectified, Eqs. (40), (43)'),
});

const searched = {
  parameters: z.record(z.string(), z.number()).meta({ description: 'of those varied' }),
  heat: rectification,
  angular: rectification,
};

const direction = z.object({
  Q1: observable('heat.Q1'),
  Q2: observable('heat.Q2'),
  Lz: observable('rotor.Lz'),
  lmin: windowEdges.lmin,
  lmax: windowEdges.lmax,
  edge: number('larger population of the two edges'),
  converged: flag('whether window and steady state are'),
  problems: z.array(z.string()),
  residual: number('norm of the derivative', 'energy'),
  cutoff: number('Ω of the global model', 'energy'),
  validity,
});

const rectify = z.object({
  ...device,
  cutoff: number('Ω of the global model; null in the local one', 'energy'),
  backend,
  solver: z.object({
    space: z.enum(['sector']),
    method: z.enum(['direct']),
    seconds,
    evaluations: whole('devices looked at'),
  }),
  definition: z.enum(['signed', 'magnitude']),
  forward: direction,
  swapped: direction,
  heat: rectification,
  angular: z.object({
    ...rectification.shape,
    signed: rectification,
    magnitude: rectification,
  }),
  over: z.record(z.string(), z.object({ from: z.number(), to: z.number() })),
  best: rows(
    z.object({
      ...searched,
      alpha: number('weight of R against J'),
      quantity: z.enum(['heat', 'angular']),
      Gamma: number('figure of merit, Eqs. (41), (44)'),
    }),
    'best',
  ),
  pareto: z.object({
    heat: rows(z.object(searched), 'pareto_heat'),
    angular: rows(z.object(searched), 'pareto_angular'),
  }),
  complete,
});

const sensitivityNumbers = {
  values: byName('of the observables'),
  derivatives: z.record(z.string(), byName('by parameter; null where its terms are left out')),
  elasticities: z.record(
    z.string(),
    byName('(θ/O) dO/dθ by parameter; null where the observable is 0'),
  ),
  quantumFisherInformation: byName(
    'of the state about each parameter, whose variance no measurement brings below its inverse; null where terms are left out',
  ),
  errors: z
    .object({
      quantumFisherInformation: byName('of the Fisher information'),
      values: byName('of the observables'),
      derivatives: z.record(z.string(), byName('of the derivatives')),
    })
    .meta({ description: 'what may have been lost of each number, absolutely' }),
};

const sensitivityOf = z.object({
  ...device,
  backend,
  solver: fluctuationSolver,
  truncation: edges,
  complete,
  ...sensitivityNumbers,
});

const machineSensitivity = z.object({
  ...machine,
  backend,
  solver: fluctuationSolver,
  truncation: edges,
  complete,
  ...sensitivityNumbers,
});

const machineDirection = z.object({
  heat: machineNumbers.heat,
  work: machineNumbers.work,
  ladderMean: number('mean of the quantity that counts the levels; null without a ladder'),
  residual: number('norm of ρ̇', '1/time'),
  converged: direction.shape.converged,
  problems: direction.shape.problems,
});

const two = (description: string) => z.array(z.string()).length(2).meta({ description });

const machineRectify = z.object({
  ...machine,
  baths: two('that change places'),
  exchanged: two('parameters whose values do'),
  hot: two('the hot bath before and after'),
  truncation: z.object({ lmin: windowEdges.lmin, lmax: windowEdges.lmax }),
  backend,
  solver: z.object({ seconds }),
  forward: machineDirection,
  swapped: machineDirection,
  heat: rectification,
  angular: z
    .object({ signed: rectification, magnitude: rectification })
    .nullable()
    .meta({ description: 'of the mean of what counts the levels' }),
  converged: flag('whether both states are the machine’s'),
});

const candidate = {
  parameters: byName('of those varied'),
  value: number('the objective'),
  error: number('what may have been lost of it; null where that is not known'),
  against: number('the second objective'),
};
const endedAs = z.enum(['converged', 'stalled', 'exhausted']).meta({
  description: 'whether its conditions hold, no step led farther, or there were too many',
});
const endsOfWindow = { lmin: windowEdges.lmin, lmax: windowEdges.lmax };

const optimised = z.object({
  backend,
  solver: z.object({
    method: z.enum(['sequential quadratic programming']),
    gradients: z.enum(['adjoint', 'differences']),
    converged: flag('whether the best is shown to be a local optimum'),
    problems: z.array(z.string()),
    starts: whole('the device as it is given, and random ones'),
    seed: whole('of the random starts'),
    evaluations: whole('devices solved'),
    seconds,
  }),
  sense: z.enum(['minimise', 'maximise']),
  objective: text('as it was given'),
  secondObjective: z.string().nullable().meta({ description: 'of the same sense' }),
  over: z.record(
    z.string(),
    z.object({ from: z.number(), to: z.number(), scale: z.enum(['linear', 'logarithmic']) }),
  ),
  best: z.object({
    ...candidate,
    startsThere: whole('starts that ended at this value'),
    constraints: z.array(
      z.object({
        text: text('as it was given'),
        margin: number('by how much it is fulfilled'),
        isActive: flag('whether it holds the optimum back'),
        multiplier: number('what the objective would gain for each unit that it gave way'),
      }),
    ),
  }),
  certificate: z
    .object({
      isLocalOptimum: flag('whether what follows shows it'),
      gradientNorm: number('what is left of the gradient, relative to the value, across the box'),
      violation: number('of constraints, in parts of the box'),
      bounds: z.array(
        z.object({
          parameter: text('held by an end of its range'),
          at: z.enum(['from', 'to']),
          pull: number('what the value would gain beyond, relative to itself, across the box'),
        }),
      ),
      curvature: z
        .object({ smallest: number('of second differences'), largest: number('of them') })
        .nullable()
        .meta({ description: 'relative to the value, in free directions; null without any' }),
      observables: z.record(
        z.string(),
        z.object({
          value: number('of the observable'),
          error: number('of the value; null where it is not known'),
          digits: z.int().nullable().meta({ description: 'that the error leaves' }),
        }),
      ),
      relativeResidual: number('‖Lρ‖/‖|L||ρ|‖'),
      edges: z
        .array(z.number())
        .length(2)
        .meta({ description: 'populations of the window’s edges' }),
      window: z.object(endsOfWindow),
      wider: z
        .object({ ...endsOfWindow, value: number('the objective there') })
        .nullable()
        .meta({ description: 'the same device on a wider window' }),
    })
    .nullable()
    .meta({ description: 'null where the search was interrupted, or no start came to an end' }),
  ends: rows(
    z.object({ ...candidate, from: byName('where the start was'), ended: endedAs }),
    'start',
  ),
  pareto: rows(
    z.object({
      ...candidate,
      gradientNorm: number('what is left of the gradient, relative to the value'),
      ended: endedAs,
    }),
    'pareto',
  ),
  complete,
});

const outputs = {
  steady: z.union([steady, unsolved, machineSteady, machineUnsolved]),
  fluctuations: z.union([fluctuationsOf, unsolved, machineFluctuations, machineUnsolved]),
  sensitivity: z.union([sensitivityOf, unsolved, machineSensitivity, machineUnsolved]),
  modes: z.union([
    modesOf.extend(device),
    modesOf.extend(machine),
    modesAlong.extend(device),
    modesAlong.extend(machine),
  ]),
  correlate: z.union([correlations.extend(device), correlations.extend(machine)]),
  evolve: z.union([evolve, machineEvolve]),
  trajectories: z.union([trajectories, machineTrajectories]),
  collide: z.union([collide, machineCollide]),
  rectify: z.union([rectify, machineRectify]),
  optimise: z.union([optimised.extend(device), optimised.extend(machine)]),
  machines: z.union([galleryMachine, z.array(galleryMachine)]),
  levels,
} satisfies Readonly<Record<string, z.ZodType>>;

export type OutputName = keyof typeof outputs;
/** The commands that print JSON. */
export const OUTPUT_NAMES = Object.keys(outputs) as readonly OutputName[];

const schemaOf = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input' });

/** The schema of what is written as CSV and netCDF. */
export const tableSchema = (name: OutputName): Readonly<Record<string, unknown>> =>
  name === 'modes'
    ? schemaOf(z.union([modeRows.extend(device), modeRows.extend(machine)]))
    : outputSchema(name);

/** The JSON Schema (draft 2020-12) of what a command prints. Fields beside those it names may be there. */
export const outputSchema = (name: OutputName): Readonly<Record<string, unknown>> => {
  const { $schema = '', ...schema } = schemaOf(outputs[name]);
  return {
    $schema,
    $id: `https://quantum-mill.example/schema/${SCHEMA_VERSION}/${name}.json`,
    title: `qmill ${name} --json`,
    ...schema,
  };
};
