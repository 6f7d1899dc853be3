/** What fluctuates in the machine of a file: in workers of their own, which end with what they compute. */
import type { NoiseAt } from '../../fluctuations/dynamics.js';
import type { Settings } from '../state/page.js';
import type { MachineRequest } from '../studies/machineStudy.js';
import { study } from '../studies/study.js';
import { type Frequencies, omegasOf } from './live.js';
import { type FluctuationNumbers, type FoundModes, FREQUENCIES } from './protocol.js';

/** Whoever types is not done at every letter. */
const settle = 400;

export const machineNumbers = study<MachineRequest, FluctuationNumbers>({
  call: (studies, request) => studies.fluctuations(request),
  settle,
});

export const machineModes = study<MachineRequest, FoundModes>({
  call: (studies, request, report) => studies.modes(request, report),
  settle,
});

export const machineSpectrum = study<MachineRequest & Frequencies, readonly NoiseAt[]>({
  call: (studies, { text, ...ends }, report) =>
    studies.spectrum({ text }, omegasOf(ends, 0, FREQUENCIES), report),
  settle,
});

const all = [machineNumbers, machineModes, machineSpectrum] as const;

/** @param text of the machine's file */
export function askMachineFluctuations(text: string, { omegaFrom, omegaTo }: Settings): void {
  machineNumbers.ask({ text });
  machineModes.ask({ text });
  machineSpectrum.ask({ text, from: omegaFrom, to: omegaTo });
}

export function leaveMachineFluctuations(): void {
  for (const one of all) one.leave();
}
