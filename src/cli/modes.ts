/** `qmill modes`: how a machine relaxes, by the slowest modes of its generator. */

import type { Charge } from '../generator/symmetry.js';
import { ParameterError } from '../model/parameters.js';
import { conservedCharges, type ModesByCharge, modesByCharge } from '../simulate/anyModes.js';
import { checkedModes, DEFAULT_MODES, MOST_MODES } from '../simulate/modesCount.js';
import type { SectorModes } from '../spectrum/modes.js';
import { rotorPopulations } from '../state/densityMatrix.js';
import { type AddCommand, statusOf } from './command.js';
import { DEFAULT_SAMPLES, runAlong } from './exceptionalPoints.js';
import { addMachineOptions, collected, refuseFlags } from './machineOptions.js';
import { describeModes, modesReport, modesTable } from './modesReport.js';
import { addParameterOptions } from './options.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { openSubject, subjectError } from './subject.js';
import { toldSolution } from './watch.js';
import { numberIn } from './words.js';

function readCount(given: unknown): number {
  const count = Number(given);
  return checkedModes(Number.isNaN(count) ? given : count);
}

function readFrequency(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const frequency = Number(given);
  if (String(given).trim() !== '' && Number.isFinite(frequency)) return frequency;
  throw new ParameterError('frequency', given, 'a number');
}

function readCharges(charges: readonly Charge[], given: readonly string[] | undefined) {
  if (given === undefined) return [charges.map(() => 0)];
  return given.map((text) => {
    const charge = text.split(',').map(numberIn);
    if (charge.length === charges.length && charge.every(Number.isInteger)) return charge;
    const allowed =
      charges.length === 0
        ? 'absent: no charge is conserved'
        : `${charges.length} integers with commas between them, one for each conserved charge`;
    throw new ParameterError('charge', text, allowed);
  });
}

function modesOf(modes: ModesByCharge, charges: readonly (readonly number[])[]): SectorModes[] {
  return charges.map((charge) => {
    const found = modes.of(charge);
    if (found !== null) return found.modes;
    throw new ParameterError('charge', charge.join(','), 'one that elements of the state have');
  });
}

export async function runModes(flags: Record<string, unknown>): Promise<number> {
  const begin = performance.now();
  const { charge, along, samples } = flags;
  const count = readCount(flags.count);
  const frequency = readFrequency(flags.frequency);
  const written = await ResultFile.open('modes', flags);
  const subject = await openSubject(flags);
  if (along === undefined) refuseFlags(flags, ['samples'], 'given with along');
  else refuseFlags(flags, ['charge', 'frequency'], 'absent with along, which is about charge 0');
  try {
    if (along !== undefined) {
      return await runAlong(subject, String(along), samples, count, written, begin);
    }
    const charges = conservedCharges(subject.system);
    const wanted = readCharges(charges, charge as readonly string[] | undefined);
    const request = { count, wanted, observables: subject.operators, frequency };
    const found = await toldSolution((hooks) => modesByCharge(subject.system, request, hooks));
    const sectors = modesOf(found, wanted);
    const edges = rotorPopulations(found.steady);
    const report = modesReport(subject, charges, sectors, edges, frequency === undefined, begin);
    await written.print(report, () => describeModes(report), modesTable(report));
    return statusOf(report.solver);
  } catch (error) {
    throw subjectError(error, subject);
  }
}

export const addModes: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(command)
      .option('--json', 'print one JSON object')
      .option('--count <n>', `modes of each charge, 1 to ${MOST_MODES}`, String(DEFAULT_MODES))
      .option(
        '--charge <q>',
        'ket less bra in each conserved charge, as 1,0; once for each (default: all 0)',
        collected,
      )
      .option('--frequency <w>', 'where modes are looked for (default: of the slowest element)')
      .option('--along <range>', 'where modes coalesce, as g=0.3:0.8')
      .option('--samples <n>', `values of it that are looked at (default ${DEFAULT_SAMPLES})`),
  );
  addMachineOptions(command)
    .addHelpText(
      'after',
      `
A mode decays as e^(-rate t) and turns with its frequency. Modes are those of the elements of the state in which ket
and bra differ by the charge; at charge 0, where the populations are, the slowest rate is the gap. --along finds exceptional points, where two
real rates of charge 0 become a conjugate pair; what becomes a pair and real again between two samples is not seen.

Examples:
  qmill modes                                   Fig. 2's device: gap, relaxation time, six modes
  qmill modes --count 20 --json                 for programs
  qmill modes --charge 1,1                      of the coherences of qubit 1
  qmill modes --machine exchange-qubits --set g=0.45
  qmill modes --machine exchange-qubits --along g=0.3:0.8    exceptional points between the two`,
    )
    .action(running(runModes));
};
