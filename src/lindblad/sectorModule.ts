/** What is done along a sector's runs, and with its states, as one module of WebAssembly. */
import { importMemory, Module } from 'wasmati';
import { WrittenCode } from '../writtenCode.js';
import { addShares, remain, shares } from './adjointKernel.js';
import { apply, applyApart } from './applyKernel.js';
import { across, better, currents } from './cutKernel.js';
import { derive } from './deriveKernel.js';
import { type JudgedCode, judged } from './judgedKernel.js';
import { add, elementSums, fluxes, means, resonance, sizes, turn } from './runKernel.js';
import type { CutCode, RunCode, TurnCode } from './runRecords.js';
import { turnBack } from './turnKernel.js';

export interface SectorCode extends RunCode, CutCode, TurnCode, JudgedCode {}

export const sectorModule = new WrittenCode<SectorCode>('sector', () =>
  Module({
    exports: {
      ...{ add, apply, applyApart, derive, turn, turnBack, resonance, sizes, fluxes, elementSums },
      ...{ means, currents, better, across, judged, shares, addShares, remain },
    },
    memory: importMemory({ min: 1 }),
  }),
);
