/** What `qmill modes` prints: one object for programs, lines for people. */
import type { Charge } from '../generator/symmetry.js';
import { edgeProblems, windowEdges } from '../simulate/edgeProblems.js';
import { isNeutral } from '../spectrum/chargeSectors.js';
import { isKnownMode, type Mode, type SectorModes, surelySlowest } from '../spectrum/modes.js';
import { solverOf } from './about.js';
import type { Subject } from './subject.js';
import { parametersInWords, windowInWords } from './words.js';

/** Why modes may not be the slowest ones. */
const ELSEWHERE = 'modes of other frequencies may decay more slowly, see --frequency';

/** Rates this much apart are separated. */
const SEPARATED = 3;

/** Of the slowest modes of all the largest ratio of two rates that follow one another: between their times the state is metastable. */
function metastability(modes: readonly Mode[]) {
  let best: { slow: number; ratio: number; from: number; to: number } | null = null;
  for (let k = 0; k + 1 < modes.length; k++) {
    const [rate, next] = [modes[k].rate, modes[k + 1].rate];
    const ratio = next / rate;
    if (best !== null && ratio <= best.ratio) continue;
    best = { slow: k + 1, ratio, from: 1 / next, to: 1 / rate };
  }
  return best;
}

function problemsOf(
  { system: { window }, open, edgeTolerance }: Subject,
  sectors: readonly SectorModes[],
  edges: Float64Array,
  isEverywhere: boolean,
): string[] {
  const problems = edgeProblems([edges[0], edges[window.size - 1]], open, edgeTolerance);
  for (const sector of sectors) {
    const { charge, modes } = sector;
    if (isEverywhere && isNeutral(charge) && modes.length > 0 && surelySlowest(sector) === 0) {
      problems.push(`the gap is not known: ${ELSEWHERE}`);
    }
    modes.forEach((mode, k) => {
      if (isKnownMode(mode)) return;
      problems.push(
        `mode ${k + 1} of charge ${charge.join(',') || '0'} is known to ± ${mode.error.toExponential(1)} alone`,
      );
    });
  }
  return problems;
}

/** A row for each mode. */
export const modesTable = ({ sectors, ...report }: ReturnType<typeof modesReport>) => ({
  ...report,
  modes: sectors
    .flatMap(({ charge, modes }) => modes.map((mode) => ({ charge, ...mode })))
    .map((mode, k) => ({ mode: k + 1, ...mode })),
});

/**
 * The object that `qmill modes --json` prints.
 * @param edges populations of the levels
 * @param isEverywhere whether modes were looked for at every frequency
 * @param begin when the work began, in milliseconds of `performance.now`
 */
export function modesReport(
  subject: Subject,
  charges: readonly Charge[],
  sectors: readonly SectorModes[],
  edges: Float64Array,
  isEverywhere: boolean,
  begin: number,
) {
  const { window } = subject.system;
  const problems = problemsOf(subject, sectors, edges, isEverywhere);
  const own = sectors.find(({ charge }) => isNeutral(charge));
  const neutral = own?.modes;
  const gap = own !== undefined && surelySlowest(own) > 0 ? own.modes[0] : undefined;
  return {
    ...subject.head,
    solver: solverOf(problems, begin),
    truncation: windowEdges(window, [edges[0], edges[window.size - 1]], subject.open),
    complete: true,
    charges: charges.map(({ offsets, perLevel }) => ({ offsets: [...offsets], perLevel })),
    gapZeroSector: gap?.rate ?? null,
    gapError: gap?.error ?? null,
    relaxationTime: gap === undefined ? null : 1 / gap.rate,
    slowest: neutral?.map(({ rate, frequency }) => [0 - rate, frequency]) ?? [],
    metastability: own === undefined ? null : metastability(own.modes.slice(0, surelySlowest(own))),
    sectors: sectors.map((sector) => {
      const { charge, size, method, radius, shift, slowBeyond, modes } = sector;
      const slowest = surelySlowest(sector);
      const search = { shift: [shift.re, shift.im], radius, slowBeyond, slowest };
      return {
        charge: [...charge],
        elements: size,
        method,
        search: radius === null ? null : { ...search, radius },
        modes: modes.map(({ charge: _, ...mode }) => mode),
      };
    }),
  };
}

export type ModesReport = ReturnType<typeof modesReport> & {
  readonly machine?: { readonly name: string };
  readonly model?: string;
  readonly parameters?: Readonly<Record<string, number>>;
};

/** A number with as many digits as its error leaves. */
const show = (value: number, error: number): string => {
  if (value === 0) return '0';
  const digits = Math.floor(Math.log10(Math.abs(value) / Math.max(error, 1e-300)));
  return value.toPrecision(Math.min(12, Math.max(1, digits)));
};

/** Widths of a mode's number, rate, frequency, error and condition. */
const COLUMNS = [4, 20, 20, 12, 12];

const whatItIs = ({ overlaps }: Pick<Mode, 'overlaps'>): string =>
  Object.entries(overlaps)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .filter(([, x]) => x >= 0.005)
    .map(([name, x]) => `${name} ${x.toFixed(2)}`)
    .join(', ');

/** The same for people. */
export function describeModes(report: ModesReport): string {
  const { truncation, parameters = {} } = report;
  const lines = [
    report.machine?.name ?? `mill, ${report.model}`,
    `parameters  ${parametersInWords(parameters)}`,
    `window      ${windowInWords(truncation)}`,
  ];
  report.charges.forEach(({ offsets, perLevel }, k) => {
    const ladder = perLevel === 0 ? '' : ` + ${perLevel} l`;
    lines.push(`charge ${k + 1}    ${offsets.join(' ')} by state${ladder}`);
  });
  for (const { charge, elements, method, search, modes } of report.sectors) {
    lines.push('', `charge ${charge.join(',') || '0'}: ${elements} elements, ${method}`);
    const cells = (...row: readonly string[]) =>
      row
        .map((cell, k) => cell.padEnd(COLUMNS[k] ?? 0))
        .join('')
        .trimEnd();
    lines.push(cells('', 'rate', 'frequency', 'error', 'condition', 'like'));
    const defective = new Set<number>();
    modes.forEach((mode, k) => {
      const { rate, frequency, error, condition, coalesced } = mode;
      lines.push(
        cells(
          String(k + 1),
          show(rate, error),
          Math.abs(frequency) <= error ? '0' : show(frequency, error),
          error.toExponential(1),
          condition.toPrecision(4),
          whatItIs(mode),
        ),
      );
      if (coalesced > 1 && !defective.has(rate)) {
        defective.add(rate);
        lines.push(`    defective: ${coalesced} eigenvalues and their modes are one to rounding`);
      }
    });
    if (search === null) continue;
    const { shift, radius, slowest } = search;
    lines.push(
      `    looked for within ${radius.toPrecision(3)} of the frequency ${shift[1].toPrecision(3)}`,
    );
    if (slowest === modes.length) lines.push('    and these are the slowest at any frequency');
    else lines.push(`    ${slowest} of them are the slowest of all: ${ELSEWHERE}`);
  }
  const { gapZeroSector: gap, gapError, relaxationTime, metastability: m } = report;
  if (gap !== null && gapError !== null && relaxationTime !== null) {
    lines.push(
      '',
      `gap         ${show(gap, gapError)}, relaxation time ${relaxationTime.toPrecision(8)}`,
    );
  }
  if (m !== null && m.ratio >= SEPARATED) {
    lines.push(
      `metastable  ${m.slow} slow mode${m.slow === 1 ? '' : 's'}: rates ${m.ratio.toPrecision(4)} apart, ` +
        `from t = ${m.from.toPrecision(3)} to ${m.to.toPrecision(3)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
