/** Noise of a current, derivatives, the slowest modes, and the spectrum of the rotor: of the paper's device. */
import { loadKernels } from '../../lindblad/kernels.js';
import { localEquation } from '../../lindblad/masterEquation.js';
import { mill } from '../../machine/mill.js';
import { device } from '../../model/device.js';
import type { DeviceParameters } from '../../model/parameters.js';
import type { Window } from '../../operators/window.js';
import { MachineSensitivity } from '../../sensitivity/machineSensitivity.js';
import { millFluctuations } from '../../simulate/millFluctuations.js';
import { valuesOf } from '../../simulate/millSector.js';
import { millOperators } from '../../simulate/namedOperators.js';
import { Correlator } from '../../spectrum/correlation.js';
import { Spectrum } from '../../spectrum/modes.js';
import { recycling } from '../../zeros.js';
import { measure } from '../measure.js';
import { admitted } from '../row.js';
import type { Measure, Settings } from '../study.js';
import { paperDevice, windowOf } from './devices.js';
import { peerRow } from './peerRow.js';

const NOISE = 'current and noise of bath 2, V = 0';
const GRADIENT = 'the heat of bath 1 and its derivatives by all parameters, V = 0';
const MODES = 'the three slowest modes, V = 0';
const COUNT = 3;
const SPECTRUM = 'the spectrum of L_z at two frequencies, V = 0';
const FREQUENCIES = [-0.5, 2];
/** Beyond, a peer takes minutes. */
const PEER = { noise: 8, modes: 6, spectrum: 6 } as const;
const PEER_TOLERANCE = 1e-6;
const TOLERANCE = 1e-9;

const noiseOf = (parameters: DeviceParameters, window: Window) => {
  const current = millFluctuations(parameters, window).quanta('bath2');
  if (current === null) throw new Error('the quanta of bath 2 are not counted');
  return current;
};

async function noiseRows(settings: Settings, N: number): Promise<void> {
  const { quick, effort, peers, onRow } = settings;
  const window = windowOf(N);
  const parameters = paperDevice();
  const devices = Array.from({ length: 1000 }, (_, k) =>
    paperDevice({ beta2: 0.03 + 1e-5 * k, lambda: 0.1 + 1e-5 * k }),
  );
  let turn = 0;
  const { mean, noise } = noiseOf(parameters, window);
  onRow(
    admitted({
      group: 'fluctuations',
      task: NOISE,
      solver: 'sector direct, with errors',
      peer: false,
      N,
      adapter: null,
      precision: 'f64',
      error: Math.max(...[mean, noise].map(({ value, error }) => error / Math.abs(value))),
      oracle: 'its own bound of rounding',
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

async function modesRows(settings: Settings, N: number): Promise<void> {
  const { effort, peers, onRow } = settings;
  const window = windowOf(N);
  const parameters = paperDevice();
  const { system } = device(parameters, window);
  const find = () => {
    const spectrum = new Spectrum(system);
    return spectrum.modes(spectrum.neutral, COUNT)?.modes ?? [];
  };
  const modes = find();
  onRow(
    admitted({
      group: 'fluctuations',
      task: MODES,
      solver: 'charge by charge, with errors',
      peer: false,
      N,
      adapter: null,
      precision: 'f64',
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
    task: MODES,
    N,
    request: { task: 'modes', count: COUNT, parameters, lmin, lmax, runs: 1 },
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
      peer: false,
      N,
      adapter: null,
      precision: 'f64',
      error: Math.max(...found.map(({ re, error }) => error / Math.abs(re))),
      oracle: 'its own bound of rounding',
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

/** A heat flow with its derivatives by every parameter. */
async function gradientRow({ effort, onRow }: Settings, N: number): Promise<void> {
  const window = windowOf(N);
  const of = localEquation;
  const gradientOf = (parameters: DeviceParameters) => {
    const values = valuesOf(parameters, 0);
    const machine = new MachineSensitivity({ machine: mill, of, values, window });
    return machine.differential(machine.flow(['free'], ['bath1']));
  };
  const devices = Array.from({ length: 1000 }, (_, k) => paperDevice({ g: 0.1 + 1e-4 * k }));
  let turn = 0;
  const { value, gradient } = gradientOf(paperDevice());
  const slopes = [...gradient.values()];
  // Of a derivative that is nearly 0 beside the others, it is these that have their digits.
  const steepest = Math.max(...slopes.map((slope) => Math.abs(slope.value)));
  onRow(
    admitted({
      group: 'fluctuations',
      task: GRADIENT,
      solver: 'adjoint, with errors',
      peer: false,
      N,
      adapter: null,
      precision: 'f64',
      error: Math.max(
        value.error / Math.abs(value.value),
        ...slopes.map(({ error }) => error / steepest),
      ),
      oracle: 'its own bound of rounding',
      tolerance: TOLERANCE,
      seconds: await measure(
        () => recycling(() => gradientOf(devices[turn++ % devices.length])),
        effort,
      ),
    }),
  );
}

export const measureFluctuations: Measure = async (settings) => {
  await loadKernels();
  for (const N of settings.quick ? [8] : [8, 16, 31, 61, 512]) await noiseRows(settings, N);
  for (const N of settings.quick ? [8] : [61]) await gradientRow(settings, N);
  for (const N of settings.quick ? [6] : [6, 61]) await modesRows(settings, N);
  for (const N of settings.quick ? [6] : [6, 61]) await spectrumRows(settings, N);
};
