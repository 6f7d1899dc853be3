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
import { measure, measureInTurns } from '../measure.js';
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

const noiseOf = (parameters: DeviceParameters, window: Window) => {
  const current = millFluctuations(parameters, window).quanta('bath2');
  if (current === null) throw new Error('the quanta of bath 2 are not counted');
  return current;
};

async function noiseRows(settings: Settings, N: number): Promise<void> {
  const { quick, effort, peers, onRow } = settings;
  const window = windowOf(N);
  const parameters = paperDevice();
  const devices = devicesInTurn();
  let turn = 0;
  const { mean, noise } = noiseOf(parameters, window);
  onRow(
    admitted({
      group: 'fluctuations',
      task: NOISE,
      solver: 'sector direct, with errors',
      N,
      error: Math.max(...[mean, noise].map(({ value, error }) => error / Math.abs(value))),
      oracle: OWN_BOUND,
      tolerance: TOLERANCE,
      // As in a sweep, which uses memory again.
      seconds: await measure(
        () => recycling(() => noiseOf(devices[turn++ % devices.length], window)),
        effort,
      ),
    }),
  );
  if (peers.missing !== null || N > PEER.noise) return;
  const { lmin, lmax } = window;
  peerRow(settings, {
    group: 'fluctuations',
    task: NOISE,
    N,
    request: { task: 'noise', parameters, lmin, lmax, runs: quick ? 1 : 3 },
    wanted: [mean.value, noise.value],
    oracle: 'sector direct',
    tolerance: PEER_TOLERANCE,
  });
}

async function modesRows(settings: Settings, N: number, count: keyof typeof MODES): Promise<void> {
  const { effort, peers, onRow } = settings;
  const window = windowOf(N);
  const parameters = paperDevice();
  const { system } = device(parameters, window);
  const find = () => {
    const spectrum = new Spectrum(system);
    return spectrum.modes(spectrum.neutral, count)?.modes ?? [];
  };
  const modes = find();
  onRow(
    admitted({
      group: 'fluctuations',
      task: MODES[count],
      solver: 'charge by charge, with errors',
      N,
      error: Math.max(...modes.map(({ rate, error }) => error / rate)),
      oracle: 'residual and condition of each',
      tolerance: TOLERANCE,
      seconds: await measure(find, effort),
    }),
  );
  if (peers.missing !== null || N > PEER.modes) return;
  const { lmin, lmax } = window;
  peerRow(settings, {
    group: 'fluctuations',
    task: MODES[count],
    N,
    request: { task: 'modes', count, parameters, lmin, lmax, runs: 1 },
    wanted: modes.map(({ rate }) => rate),
    oracle: 'charge by charge',
    tolerance: PEER_TOLERANCE,
  });
}

async function spectrumRows(settings: Settings, N: number): Promise<void> {
  const { effort, peers, onRow } = settings;
  const window = windowOf(N);
  const parameters = paperDevice();
  const of = device(parameters, window);
  const lz = millOperators(of).find(({ name }) => name === 'Lz');
  if (lz === undefined) throw new Error('no operator is called Lz');
  const { operator } = lz;
  const find = () => {
    const correlator = new Correlator(new Spectrum(of.system), operator, operator);
    return FREQUENCIES.map((omega) => correlator.spectrumAt(omega));
  };
  const found = find();
  onRow(
    admitted({
      group: 'fluctuations',
      task: SPECTRUM,
      solver: 'one solution a frequency, with errors',
      N,
      error: Math.max(...found.map(({ re, error }) => error / Math.abs(re))),
      oracle: OWN_BOUND,
      tolerance: TOLERANCE,
      seconds: await measure(find, effort),
    }),
  );
  if (peers.missing !== null || N > PEER.spectrum) return;
  const { lmin, lmax } = window;
  peerRow(settings, {
    group: 'fluctuations',
    task: SPECTRUM,
    N,
    request: { task: 'spectrum', frequencies: FREQUENCIES, parameters, lmin, lmax, runs: 1 },
    wanted: found.map(({ re }) => re),
    oracle: 'one solution a frequency',
    tolerance: PEER_TOLERANCE,
  });
}

/** Currents, noise and covariances of all baths' quanta. */
function allNoiseOf(parameters: DeviceParameters, window: Window): Estimate[] {
  const reading = millFluctuations(parameters, window);
  const { counted } = reading;
  return counted.flatMap((bath, k) => {
    const current = reading.quanta(bath);
    const others = counted.slice(k + 1).map((other) => reading.covariance(bath, other));
    return [current?.mean, current?.noise, ...others].filter((one) => one != null);
  });
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

const relativeError = ({ value, error }: Estimate): number => error / Math.abs(value);

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
  const row = {
    group: 'fluctuations',
    task: `${BESIDE}, ${model}`,
    N,
    tolerance: TOLERANCE,
  } as const;
  onRow(
    admitted({
      ...row,
      solver: 'the steady state, with the heat of bath 1',
      error: relativeError(heatOf(device, window)),
      oracle: OWN_BOUND,
      seconds: seconds.steady,
    }),
  );
  onRow(
    admitted({
      ...row,
      solver: 'the same with its derivatives by all parameters, adjoint',
      error: Math.max(
        relativeError(differential.value),
        ...slopes.map(({ error }) => error / steepest),
      ),
      oracle: OWN_BOUND,
      seconds: seconds.gradient,
    }),
  );
  onRow(
    admitted({
      ...row,
      solver: 'currents, noise and covariances of all quanta',
      error: Math.max(...allNoiseOf(device, window).map(relativeError)),
      oracle: OWN_BOUND,
      seconds: seconds.noise,
    }),
  );
}

/** Currents, noise and covariances in a potential, by layers. */
async function potentialRow({ effort, onRow }: Settings, N: number): Promise<void> {
  const window = windowOf(N);
  const parameters = paperDevice({ V: 1 });
  const find = async () => {
    const { baths, covariances } = await potentialFluctuations(parameters, window, { order: 2 });
    const currents = baths.flatMap(({ quanta }) => (quanta ? [quanta.mean, quanta.noise] : []));
    return [...currents, ...covariances.map(({ covariance }) => covariance)];
  };
  onRow(
    admitted({
      group: 'fluctuations',
      task: IN_POTENTIAL,
      solver: 'layers and their adjoint, with errors',
      N,
      error: Math.max(...(await find()).map(relativeError)),
      oracle: OWN_BOUND,
      tolerance: IN_POTENTIAL_TOLERANCE,
      seconds: await measure(find, effort),
    }),
  );
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
