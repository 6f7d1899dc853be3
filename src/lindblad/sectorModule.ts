/** What is done along a sector's runs, and with its states, as one module of WebAssembly. */
import { importMemory, Module } from 'wasmati';
import { WrittenCode } from '../writtenCode.js';
import { apply, applyApart } from './applyKernel.js';
import { type JudgedCode, judged } from './judgedKernel.js';
import { add, elementSums, fluxes, means, resonance, sizes, turn } from './runKernel.js';
import type { RunCode } from './runRecords.js';
import type { TurnCode } from './sectorTurns.js';
import { turnBack } from './turnKernel.js';

export interface SectorCode extends RunCode, JudgedCode, TurnCode {}

export const sectorModule = new WrittenCode<SectorCode>('sector', () =>
  Module({
    exports: {
      ...{ add, apply, applyApart, turn, turnBack, resonance, sizes, fluxes, elementSums },
      ...{ means, judged },
    },
    memory: importMemory({ min: 1 }),
  }),
);
