/** What is done along a sector's runs, and with its states, as one module of WebAssembly. */
import { importMemory, Module } from 'wasmati';
import { apply, applyApart } from './applyKernel.js';
import { type JudgedCode, judged } from './judgedKernel.js';
import { add, elementSums, fluxes, means, resonance, sizes, turn } from './runKernel.js';
import type { RunCode } from './runRecords.js';
import { turnBack } from './turnKernel.js';

export interface SectorCode extends RunCode, JudgedCode {
  readonly turnBack: (...of: TurnedBack) => void;
}

/** Where all of a pair is, and how far apart, as turnKernel.ts has it. */
type TurnedBack = readonly [
  ...angle: readonly [cosines: number, sines: number, levels: number],
  ...elements: readonly [upper: number, lower: number, coherence: number],
  ...distances: readonly [step: number, apart: number],
];

let written: WebAssembly.Module | undefined;

/** The code on a memory of its user's; it is written once. */
export function sectorCodeOn(memory: WebAssembly.Memory): SectorCode {
  if (written === undefined) {
    const exports = {
      add,
      apply,
      applyApart,
      turn,
      turnBack,
      resonance,
      sizes,
      fluxes,
      elementSums,
      means,
      judged,
    };
    const module = Module({ exports, memory: importMemory({ min: 1 }) });
    written = new WebAssembly.Module(Uint8Array.from(module.toBytes()));
  }
  const [{ module, name }] = WebAssembly.Module.imports(written);
  const { exports } = new WebAssembly.Instance(written, { [module]: { [name]: memory } });
  return exports as unknown as SectorCode;
}
