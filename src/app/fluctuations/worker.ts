/** The worker for fluctuations: means and noise, relaxation, noise at finite frequency. */
import { expose } from 'comlink';
import { dynamics, type NoiseAt, sectorSource } from '../../fluctuations/dynamics.js';
import { FluctuationReading } from '../../fluctuations/reading.js';
import { loadKernels } from '../../lindblad/kernels.js';
import { WITHOUT_END } from '../../simulate/edgeProblems.js';
import { fluctuatingDevice } from '../../simulate/millFluctuations.js';
import { requireNoPotential } from '../../simulate/millSector.js';
import { DEFAULT_MODES } from '../../simulate/modesCount.js';
import { sectorVerdict } from '../../simulate/sectorVerdict.js';
import { millSubject } from '../../simulate/spectralSubject.js';
import { steadyState } from '../../simulate/steady.js';
import { millFluctuationsOf } from '../../simulate/steadyFluctuations.js';
import { Spectrum, surelySlowest } from '../../spectrum/modes.js';
import { CUMULANTS, type FluctuatingRequest, type FluctuationWorker } from './protocol.js';

/** The device whose spectrum was asked for last: it is asked for in pieces. */
let read: { readonly key: string; readonly reading: FluctuationReading } | null = null;

function readingOf({ parameters, truncation }: FluctuatingRequest): FluctuationReading {
  const key = JSON.stringify([parameters, truncation]);
  if (read?.key !== key) {
    requireNoPotential(parameters, 'noise spectra');
    const { system, cutoff } = steadyState(parameters, truncation).device;
    const device = fluctuatingDevice(parameters, system.window, cutoff);
    read = { key, reading: new FluctuationReading(device) };
  }
  return read.reading;
}

const worker: FluctuationWorker = {
  async numbers({ parameters, truncation }) {
    await loadKernels();
    const begin = performance.now();
    const found = await millFluctuationsOf(parameters, truncation, CUMULANTS);
    const { problems } = sectorVerdict(found, WITHOUT_END, truncation.edgeTolerance, begin);
    return { found, problems, milliseconds: performance.now() - begin };
  },
  modes({ parameters, truncation }) {
    requireNoPotential(parameters, 'modes');
    const { system, operators } = millSubject(parameters, truncation);
    const spectrum = new Spectrum(system);
    const found = spectrum.modes(spectrum.neutral, DEFAULT_MODES, operators);
    if (found === null) return { modes: [], slowest: 0 };
    return { modes: found.modes, slowest: surelySlowest(found) };
  },
  spectrum(request, omegas): readonly NoiseAt[] {
    const asked = { frequencies: omegas, fields: null, waiting: null };
    return dynamics(sectorSource(readingOf(request)), asked).noise ?? [];
  },
};

expose(worker);
