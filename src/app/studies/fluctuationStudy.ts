/** What fluctuates in a machine that a file describes, or in the device in a potential. */
import type { DynamicRequest, NoiseAt } from '../../fluctuations/dynamics.js';
import { loadKernels } from '../../lindblad/kernels.js';
import { describedMachine } from '../../machine/description/described.js';
import { EDGE_TOLERANCE } from '../../model/parameters.js';
import { neutralModes } from '../../simulate/anyModes.js';
import { WITHOUT_END } from '../../simulate/edgeProblems.js';
import { machineFluctuationsOf } from '../../simulate/machineFluctuations.js';
import { defaultValues, machineWindow } from '../../simulate/machineInputs.js';
import { MachineSystem } from '../../simulate/machineSystem.js';
import { DEFAULT_MODES } from '../../simulate/modesCount.js';
import { sectorVerdict } from '../../simulate/sectorVerdict.js';
import { machineSubject, millSubject } from '../../simulate/spectralSubject.js';
import { millFluctuationsOf } from '../../simulate/steadyFluctuations.js';
import { surelySlowest } from '../../spectrum/modes.js';
import {
  CUMULANTS,
  type FluctuatingRequest,
  type FluctuationNumbers,
  type FoundModes,
  SEARCHED,
} from '../fluctuations/protocol.js';
import { FILE, type MachineRequest } from './machineStudy.js';
import { type Report, seldom } from './report.js';

export type LongRequest = MachineRequest | FluctuatingRequest;

/** The device, or the machine at its file's own values and window: what is counted there, and of what modes are. */
async function read(request: LongRequest) {
  await loadKernels();
  if ('text' in request) {
    const described = describedMachine(FILE, request.text);
    const [values, window] = [defaultValues(described), machineWindow(described)];
    const { betas } = new MachineSystem(described).on(window, values);
    return {
      open: described.ladder.open,
      edgeTolerance: EDGE_TOLERANCE.given,
      count: (order: number, asked?: DynamicRequest) =>
        machineFluctuationsOf(described, values, window, betas, { order, asked }),
      subject: () => machineSubject(described, values, window, EDGE_TOLERANCE.given),
    };
  }
  const { parameters, truncation } = request;
  return {
    open: WITHOUT_END,
    edgeTolerance: truncation.edgeTolerance,
    count: (order: number, asked?: DynamicRequest) =>
      millFluctuationsOf(parameters, truncation, order, asked),
    subject: () => millSubject(parameters, truncation),
  };
}

/** @throws {MachineError | ParameterError | NoSteadyStateError} */
export async function fluctuationNumbers(request: LongRequest): Promise<FluctuationNumbers> {
  const { count, open, edgeTolerance } = await read(request);
  const begin = performance.now();
  const found = await count(CUMULANTS);
  const { problems } = sectorVerdict(found, open, edgeTolerance, begin);
  return { found, problems, milliseconds: performance.now() - begin };
}

/**
 * The slowest modes of the populations, which by layers may take minutes.
 * @param report told how much of the search is done, of SEARCHED in all
 * @throws {WideSectorError} where layers come to no answer on a wide window; {MachineError | NoSteadyStateError}
 */
export async function fluctuationModes(request: LongRequest, report: Report): Promise<FoundModes> {
  const { system, operators } = (await read(request)).subject();
  const tell = seldom(report);
  const onSearch = async (share: number) => {
    tell(Math.floor(SEARCHED * share));
    return true;
  };
  const asked = { count: DEFAULT_MODES, observables: operators };
  const { modes: found } = await neutralModes(system, asked, { onSearch });
  return { modes: found.modes, slowest: surelySlowest(found) };
}

/**
 * @param frequencies angular, rising
 * @throws {ParameterError} where layers come to no answer on a wide window; {MachineError | NoSteadyStateError}
 */
export async function noiseSpectrum(
  request: LongRequest,
  frequencies: readonly number[],
  report: Report,
): Promise<readonly NoiseAt[]> {
  const { count } = await read(request);
  const asked = { frequencies, onFrequency: report, fields: null, waiting: null };
  return (await count(1, asked)).dynamics?.noise ?? [];
}
