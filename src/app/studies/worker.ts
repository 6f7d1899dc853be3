/** A worker for one long computation. To cancel it, the page ends the worker. */
import { expose } from 'comlink';
import type { BesideRequest } from './beside.js';
import { evolutionStudy } from './evolutionStudy.js';
import { figureStudy } from './figureStudy.js';
import type { LongRequest } from './fluctuationStudy.js';
import type { MachineRequest } from './machineStudy.js';
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
  fluctuations: async (request: LongRequest) =>
    (await import('./fluctuationStudy.js')).fluctuationNumbers(request),
  modes: async (request: LongRequest, report: Report) =>
    (await import('./fluctuationStudy.js')).fluctuationModes(request, report),
  spectrum: async (request: LongRequest, frequencies: readonly number[], report: Report) =>
    (await import('./fluctuationStudy.js')).noiseSpectrum(request, frequencies, report),
};

export type Studies = typeof studies;

expose(studies);
