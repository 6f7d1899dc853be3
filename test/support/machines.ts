/** Machines of the gallery, and from text, with their steady states on the CPU. */
import { readFileSync } from 'node:fs';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import type { MachineModel } from '../../src/machine/description/models.js';
import type { Values } from '../../src/machine/tape.js';
import { type MachineReading, machineSteady } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import type { SolverChoice } from '../../src/simulate/route.js';

const AUTO: SolverChoice = { space: 'auto', method: 'auto' };

export const galleryText = (name: string): string =>
  readFileSync(new URL(`../../machines/${name}.yaml`, import.meta.url), 'utf8');

export const galleryMachine = (name: string, model?: MachineModel): DescribedMachine =>
  describedMachine(`${name}.yaml`, galleryText(name), model);

/** @param changes of the parameters, and of the ladder's window */
export function steadyOf(
  described: DescribedMachine,
  changes: Values = {},
  [lmin, lmax]: readonly [number, number] = [described.ladder.lmin, described.ladder.lmax],
  choice = AUTO,
): Promise<MachineReading> {
  const values = Object.fromEntries(described.parameters.map((p) => [p.name, p.default]));
  return machineSteady(
    new MachineSystem(described),
    { ...values, ...changes },
    { lmin, lmax, size: lmax - lmin + 1 },
    choice,
    1e-8,
    cpuBackend(),
  );
}

/** A rotor that one bath turns by some steps at a time, and another back by one. */
export const turnedRotor = (steps: number, [lmin, lmax]: readonly [number, number]) =>
  describedMachine(
    'turned.yaml',
    `
name: rotor that one bath turns forth and one back
ladder: {kind: rotor, window: [${lmin}, ${lmax}]}
parameters:
  k: {default: 1, text: rate}
  I: {default: 3, text: moment of inertia}
hamiltonian:
  kinetic: L^2/(2*I)
baths:
  forth: {temperature: none, jumps: ["sqrt(k)*exp(${steps}*i*phi)*(1 - L/(4*I))"]}
  back: {temperature: none, jumps: ["exp(-i*phi)*(1 + L/(4*I))"]}
`,
  );
