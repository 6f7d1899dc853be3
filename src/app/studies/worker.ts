/** A worker for one long computation. To cancel it, the page ends the worker. */
import { expose } from 'comlink';
import type { FluctuatingRequest } from '../fluctuations/protocol.js';
import type { BesideRequest } from './beside.js';
import { evolutionStudy } from './evolutionStudy.js';
import { figureStudy } from './figureStudy.js';
import type { MachineSpectrumRequest } from './machineFluctuations.js';
import type { MachineRequest } from './machineStudy.js';
import type { PotentialSpectrumRequest } from './potentialFluctuations.js';
import { rectificationStudy } from './rectificationStudy.js';
import type { Report } from './report.js';
import type { Hire } from './trajectoryLanes.js';

const studies = {
  figure: figureStudy,
  rectification: rectificationStudy,
  evolution: evolutionStudy,
  // Few ask for them.
  performance: async (report: Report) =>
    (await import('./performanceStudy.js')).performanceStudy(report),
  beside: async (request: BesideRequest, report: Report, hire: Hire) =>
    (await import('./besideStudy.js')).besideStudy(request, report, hire),
  // With a parser of its own, which the others do without.
  machine: async (request: MachineRequest, _: Report) =>
    (await import('./machineStudy.js')).machineStudy(request),
  machineNumbers: async (request: MachineRequest, _: Report) =>
    (await import('./machineFluctuations.js')).machineNumbers(request),
  machineModes: async (request: MachineRequest, report: Report) =>
    (await import('./machineFluctuations.js')).machineModes(request, report),
  machineSpectrum: async (request: MachineSpectrumRequest, report: Report) =>
    (await import('./machineFluctuations.js')).machineSpectrum(request, report),
  potentialNumbers: async (request: FluctuatingRequest) =>
    (await import('./potentialFluctuations.js')).deviceNumbers(request),
  potentialModes: async (request: FluctuatingRequest, report: Report) =>
    (await import('./potentialFluctuations.js')).potentialModes(request, report),
  potentialSpectrum: async (request: PotentialSpectrumRequest, report: Report) =>
    (await import('./potentialFluctuations.js')).potentialSpectrum(request, report),
};

export type Studies = typeof studies;

expose(studies);
