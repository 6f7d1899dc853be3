/** `qmill correlate`: two-time correlations of a machine's operators, and their spectra. */
import { initialSchema, initialState } from '../model/initial.js';
import { ParameterError, readFields } from '../model/parameters.js';
import { correlateAnywhere } from '../simulate/anyCorrelation.js';
import type { Correlations } from '../simulate/correlate.js';
import { correlationSchema } from '../simulate/runSchemas.js';
import { readFrequencies, readTimes } from '../simulate/times.js';
import { solverOf } from './about.js';
import { type AddCommand, statusOf } from './command.js';
import { initialInput } from './initial.js';
import { addMachineOptions, refuseFlags } from './machineOptions.js';
import { addParameterOptions } from './options.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { openSubject, type Subject, subjectError } from './subject.js';
import { columnsOf, textTable } from './textTable.js';
import { toldSolution } from './watch.js';
import { parametersInWords, windowInWords } from './words.js';

/** An imaginary part of a mean that rounding has left. */
const NOTHING = 1e-13;

const START = Object.keys(initialSchema.shape);

/** Where B acts: after an initial state, or in the steady state. @throws {ParameterError} */
function startOf({ options: { parameters, own }, initial }: Subject) {
  const { from } = readFields(correlationSchema.pick({ from: true }), { from: own.from });
  if (from === undefined) {
    refuseFlags(own, START, 'given with from: without it the state is the steady one');
    return null;
  }
  if (initial === null) return { initial: initialState(parameters, initialInput(own)), t: from };
  refuseFlags(own, START, 'absent with machine: its file has an initial state');
  return { initial: initial(), t: from };
}

async function runCorrelate(a: string, b: string | undefined, flags: Record<string, unknown>) {
  const begin = performance.now();
  const subject = await openSubject(flags, correlationSchema);
  const { own } = subject.options;
  const tau = own.tau === undefined ? [] : readTimes(own.tau, 'tau');
  const frequency = own.frequency === undefined ? [] : readFrequencies(own.frequency);
  if (tau.length + frequency.length === 0) {
    throw new ParameterError('tau', undefined, 'given, or frequency, or both');
  }
  const start = startOf(subject);
  if (start !== null && frequency.length > 0) {
    throw new ParameterError(
      'frequency',
      own.frequency,
      'absent with from: it is of steady states',
    );
  }
  const written = await ResultFile.open('correlate', flags);
  try {
    const request = { a, b, tau, frequency, start };
    const found = await toldSolution((hooks) => correlateAnywhere(subject, request, hooks));
    const report = correlationReport(subject, found, start?.t ?? null, begin);
    await written.print(report, () => describe(subject, found));
    return statusOf(report.solver);
  } catch (error) {
    throw subjectError(error, subject);
  }
}

/**
 * The object that `qmill correlate --json` prints.
 * @param begin when the work began, in milliseconds of `performance.now`
 */
function correlationReport(
  { head }: Subject,
  { problems, truncation, ...found }: Correlations,
  from: number | null,
  begin: number,
) {
  return {
    ...head,
    solver: solverOf(problems, begin),
    truncation,
    complete: true,
    from,
    ...found,
  };
}

/** The same for people. */
function describe(
  { name, head }: Subject,
  { a, b, means, times, frequencies, truncation }: Correlations,
): string {
  const number = ({ re, im }: Correlations['means']['a']) =>
    Math.abs(im) <= NOTHING
      ? re.toPrecision(10)
      : `${re.toPrecision(10)}${im < 0 ? ' −' : ' +'} ${Math.abs(im).toPrecision(10)}i`;
  const lines = [
    name,
    `parameters  ${parametersInWords(head.parameters as object)}`,
    `window      ${windowInWords(truncation)}`,
    `A           ${a}, mean ${number(means.a)}`,
    `B           ${b}, mean ${number(means.b)}`,
  ];
  if (times.length > 0) {
    const column = columnsOf(times);
    const columns = [
      column('Re ⟨AB⟩', ({ correlation }) => correlation.re),
      column('Im ⟨AB⟩', ({ correlation }) => correlation.im),
      column('Re less ⟨A⟩⟨B⟩', ({ covariance }) => covariance.re),
      column('Im less ⟨A⟩⟨B⟩', ({ covariance }) => covariance.im),
      column('error', ({ correlation }) => correlation.error),
    ];
    const along = column('τ', ({ tau }) => tau, 'time');
    lines.push('', ...textTable(along, [{ title: 'Correlation ⟨A(t + τ)B(t)⟩', columns }]));
  }
  if (frequencies.length > 0) {
    const column = columnsOf(frequencies);
    const columns = [
      column('Re S', ({ spectrum }) => spectrum.re),
      column('Im S', ({ spectrum }) => spectrum.im),
      column('error', ({ spectrum }) => spectrum.error),
    ];
    const along = column('ω', ({ omega }) => omega, '1/time');
    lines.push('', ...textTable(along, [{ title: 'Spectrum S_AB(ω)', columns }]));
  }
  return `${lines.join('\n')}\n`;
}

export const addCorrelate: AddCommand = (command, running) => {
  command
    .argument('<A>', 'an operator: an expression as in machine files, or a name')
    .argument('[B]', 'another one, which acts first (default: the adjoint of A)')
    .option('--json', 'print one JSON object');
  addOutOption(addParameterOptions(command, {}, correlationSchema));
  addMachineOptions(command)
    .addHelpText(
      'after',
      `
⟨A(t + τ)B(t)⟩ by the quantum regression theorem, and S(ω) = ∫ e^(-iωτ) ⟨δA(τ)δB⟩ dτ of the steady state, by one
factorisation a frequency. Expressions of the paper's machine have q1, q2, L, phi and the parameters, as in
sp(q1)*sm(q2) or exp(i*phi); names are those of observables, such as Lz, n1, interaction.

Examples:
  qmill correlate Lz --tau lin:0:100000:11                how long the rotor remembers its angular momentum
  qmill correlate 'sp(q1)' --frequency lin:-10:10:201     what qubit 1 emits, and where
  qmill correlate 'cos(phi)' --frequency 0,1 --json       an operator that changes charge; for programs
  qmill correlate L L --from 10 --tau 1,2 --rotor 3       after a time, from an initial state
  qmill correlate 'sz(h)' --machine exchange-qubits --tau lin:0:5:51 --out sz.csv`,
    )
    .action(running(runCorrelate));
};
