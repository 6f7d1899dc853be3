/** Noise of a current, derivatives, the slowest modes, and the spectrum of the rotor: of the paper's device. */
import type { Estimate } from '../../lindblad/estimate.js';
import { loadKernels } from '../../lindblad/kernels.js';
import { compiledSector } from '../../lindblad/sectorSolution.js';
import { mill } from '../../machine/mill.js';
import { device } from '../../model/device.js';
import { type Model, masterEquationOf } from '../../model/masterEquations/registry.js';
import type { DeviceParameters } from '../../model/parameters.js';
import type { Window } from '../../operators/window.js';
import type { Differential } from '../../sensitivity/differential.js';
import { slopesOf } from '../../sensitivity/differential.js';
import { MachineSensitivity } from '../../sensitivity/machineSensitivity.js';
import { millFluctuations } from '../../simulate/millFluctuations.js';
import { cutoffOn, valuesOf } from '../../simulate/millSector.js';
import { millOperators } from '../../simulate/namedOperators.js';
import { potentialFluctuations } from '../../simulate/potentialFluctuations.js';
import { Correlator } from '../../spectrum/correlation.js';
import { Spectrum } from '../../spectrum/modes.js';
import { recycling } from '../../zeros.js';
import { measure, measureInTurns, type Timing } from '../measure.js';
import type { DeviceTask } from '../peers.js';
import { admitted } from '../row.js';
import type { Measure, Settings } from '../study.js';
import { devicesInTurn, paperDevice, windowOf } from './devices.js';
import { peerRow } from './peerRow.js';

const NOISE = 'current and noise of bath 2, V = 0';
const BESIDE = 'beside a steady state, V = 0';
const OWN_BOUND = 'its own bound of rounding';
const MODES = { 3: 'the three slowest modes, V = 0', 20: 'the 20 slowest modes, V = 0' } as const;
const [FEW, MANY] = [3, 20] as const;
const SPECTRUM = 'the spectrum of L_z at two frequencies, V = 0';
const FREQUENCIES = [-0.5, 2];
/** Beyond, a peer takes minutes. */
const PEER = { noise: 8, modes: 6, spectrum: 6 } as const;
const PEER_TOLERANCE = 1e-6;
const TOLERANCE = 1e-9;
const IN_POTENTIAL = 'noise and covariances of all currents, entropy production, V = 1';
/** Beside fluxes to and fro the currents are small, and what rounding takes of those is theirs. */
const IN_POTENTIAL_TOLERANCE = 1e-7;

const relativeError = ({ value, error }: Estimate): number => error / Math.abs(value);

const noiseOf = (parameters: DeviceParameters, window: Window) => {
  const current = millFluctuations(parameters, window).quanta('bath2');
  if (current === null) throw new Error('the quanta of bath 2 are not counted');
  return current;
};

interface Question {
  readonly task: string;
  readonly solver: string;
  readonly N: number;
  readonly error: number;
  readonly oracle: string;
  readonly tolerance?: number;
  readonly run: () => unknown;
  /** What peers are asked on windows up to the largest that they solve in seconds. */
  readonly peer?: {
    readonly most: number;
    readonly request: DeviceTask & { readonly runs: number };
    readonly wanted: readonly number[];
    readonly oracle: string;
  };
}

/** Our row, and the peers' beside it. */
async function rowsOf(settings: Settings, { run, peer, ...ours }: Question): Promise<void> {
  const { task, N } = ours;
  const row = { group: 'fluctuations', task, N } as const;
  const seconds = await measure(run, settings.effort);
  settings.onRow(admitted({ tolerance: TOLERANCE, ...row, ...ours, seconds }));
  if (peer === undefined || N > peer.most) return;
  const { lmin, lmax } = windowOf(N);
  const request = { ...peer.request, parameters: paperDevice(), lmin, lmax };
  peerRow(settings, { ...row, ...peer, request, tolerance: PEER_TOLERANCE });
}

function noiseRows(settings: Settings, N: number): Promise<void> {
  const window = windowOf(N);
  const devices = devicesInTurn();
  let turn = 0;
  const { mean, noise } = noiseOf(paperDevice(), window);
  return rowsOf(settings, {
    ...{ task: NOISE, solver: 'sector direct, with errors', N, oracle: OWN_BOUND },
    error: Math.max(...[mean, noise].map(relativeError)),
    // As in a sweep, which uses memory again.
    run: () => recycling(() => noiseOf(devices[turn++ % devices.length], window)),
    peer: {
      most: PEER.noise,
      request: { task: 'noise', runs: settings.quick ? 1 : 3 },
      wanted: [mean.value, noise.value],
      oracle: 'sector direct',
    },
  });
}

function modesRows(settings: Settings, N: number, count: keyof typeof MODES): Promise<void> {
  const { system } = device(paperDevice(), windowOf(N));
  const run = () => {
    const spectrum = new Spectrum(system);
    return spectrum.modes(spectrum.neutral, count)?.modes ?? [];
  };
  const modes = run();
  return rowsOf(settings, {
    ...{ task: MODES[count], solver: 'charge by charge, with errors', N, run },
    error: Math.max(...modes.map(({ rate, error }) => error / rate)),
    oracle: 'residual and condition of each',
    peer: {
      most: PEER.modes,
      request: { task: 'modes', count, runs: 1 },
      wanted: modes.map(({ rate }) => rate),
      oracle: 'charge by charge',
    },
  });
}

function spectrumRows(settings: Settings, N: number): Promise<void> {
  const of = device(paperDevice(), windowOf(N));
  const lz = millOperators(of).find(({ name }) => name === 'Lz');
  if (lz === undefined) throw new Error('no operator is called Lz');
  const { operator } = lz;
  const run = () => {
    const correlator = new Correlator(new Spectrum(of.system), operator, operator);
    return FREQUENCIES.map((omega) => correlator.spectrumAt(omega));
  };
  const found = run();
  return rowsOf(settings, {
    ...{ task: SPECTRUM, solver: 'one solution a frequency, with errors', N, run },
    error: Math.max(...found.map(({ re, error }) => error / Math.abs(re))),
    oracle: OWN_BOUND,
    peer: {
      most: PEER.spectrum,
      request: { task: 'spectrum', frequencies: FREQUENCIES, runs: 1 },
      wanted: found.map(({ re }) => re),
      oracle: 'one solution a frequency',
    },
  });
}

/** Currents, noise and covariances of all baths' quanta. */
function allNoiseOf(parameters: DeviceParameters, window: Window): Estimate[] {
  const reading = millFluctuations(parameters, window);
  const { counted } = reading;
  const found: Estimate[] = [];
  for (let k = 0; k < counted.length; k++) {
    const current = reading.quanta(counted[k]);
    if (current !== null) found.push(current.mean, current.noise);
    for (let other = k + 1; other < counted.length; other++) {
      const covariance = reading.covariance(counted[k], counted[other]);
      if (covariance !== null) found.push(covariance);
    }
  }
  return found;
}

/** What a machine's solvers are given. */
function machineOf(parameters: DeviceParameters, window: Window) {
  const { of, reach } = masterEquationOf(parameters);
  const values = valuesOf(parameters, cutoffOn(parameters, window));
  return { machine: mill, of, values, window, heat: reach === 'own' ? 'free' : 'total' };
}

/** A steady state, and the heat of bath 1 in it. */
function heatOf(parameters: DeviceParameters, window: Window): Estimate {
  const { machine, of, values, heat } = machineOf(parameters, window);
  const state = compiledSector(machine, of, values).on(window).steadyState(values);
  return state.flow(heat, ['bath1']);
}

/** The same with its derivatives by every parameter. */
function gradientOf(parameters: DeviceParameters, window: Window): Differential {
  const { heat, ...request } = machineOf(parameters, window);
  const machine = new MachineSensitivity(request);
  return machine.differential(machine.flow([heat], ['bath1']));
}

/** What takes the time of a few steady states, beside one: in turns, so that the times can be compared. */
function besideSteadyRows({ effort, onRow }: Settings, model: Model, N: number): void {
  const window = windowOf(N);
  const devices = devicesInTurn({ model });
  let turn = 0;
  const next = () => devices[turn++ % devices.length];
  // As in a sweep, which uses memory again.
  const again = (run: (parameters: DeviceParameters) => unknown) => () =>
    recycling(() => run(next()));
  const seconds = measureInTurns(
    {
      steady: again((parameters) => heatOf(parameters, window)),
      gradient: again((parameters) => gradientOf(parameters, window)),
      noise: again((parameters) => allNoiseOf(parameters, window)),
    },
    effort,
  );
  const [device] = devices;
  const differential = gradientOf(device, window);
  const slopes = [...slopesOf(differential).values()];
  // Of a derivative that is nearly 0 beside the others, it is these that have their digits.
  const steepest = Math.max(...slopes.map((slope) => Math.abs(slope.value)));
  const add = (solver: string, errors: readonly number[], time: Timing) =>
    onRow(
      admitted({
        ...{ group: 'fluctuations', task: `${BESIDE}, ${model}`, solver, N, seconds: time },
        ...{ error: Math.max(...errors), oracle: OWN_BOUND, tolerance: TOLERANCE },
      }),
    );
  const { steady, gradient, noise } = seconds;
  add('the steady state, with the heat of bath 1', [relativeError(heatOf(device, window))], steady);
  add(
    'the same with its derivatives by all parameters, adjoint',
    [relativeError(differential.value), ...slopes.map(({ error }) => error / steepest)],
    gradient,
  );
  add(
    'currents, noise and covariances of all quanta',
    allNoiseOf(device, window).map(relativeError),
    noise,
  );
}

/** Currents, noise and covariances in a potential, by layers. */
async function potentialRow(settings: Settings, N: number): Promise<void> {
  const window = windowOf(N);
  const parameters = paperDevice({ V: 1 });
  const run = async () => {
    const { baths, covariances } = await potentialFluctuations(parameters, window, { order: 2 });
    const currents = baths.flatMap(({ quanta }) => (quanta ? [quanta.mean, quanta.noise] : []));
    return [...currents, ...covariances.map(({ covariance }) => covariance)];
  };
  await rowsOf(settings, {
    ...{ task: IN_POTENTIAL, solver: 'layers and their adjoint, with errors', N, run },
    error: Math.max(...(await run()).map(relativeError)),
    oracle: OWN_BOUND,
    tolerance: IN_POTENTIAL_TOLERANCE,
  });
}

export const measureFluctuations: Measure = async (settings) => {
  const { quick } = settings;
  await loadKernels();
  for (const N of quick ? [8] : [8, 16, 31, 61, 512]) await noiseRows(settings, N);
  for (const model of ['local', 'global'] as const) {
    besideSteadyRows(settings, model, quick ? 8 : 61);
  }
  for (const N of quick ? [6] : [6, 61]) await modesRows(settings, N, FEW);
  if (!quick) await modesRows(settings, 1000, MANY);
  for (const N of quick ? [6] : [6, 61]) await spectrumRows(settings, N);
  for (const N of quick ? [31] : [31, 61, 128]) await potentialRow(settings, N);
};
