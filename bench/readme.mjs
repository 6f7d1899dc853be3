/**
 * Writes the performance tables of docs/explanation/performance.md from a committed study:
 *
 *   npm run bench:readme
 *
 * The study is bench/results/study.json, as `qmill bench` writes it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { comparisons, inUnits } from '../dist/performance/report.js';

const study = JSON.parse(readFileSync(new URL('results/study.json', import.meta.url), 'utf8'));
const page = new URL('../docs/explanation/performance.md', import.meta.url);

const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const factor = (ratio) => (ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2));

const against = table(
  ['task', 'N', 'ours', 'time', 'peer', 'its time', 'times faster'],
  comparisons(study.rows).map(({ task, N, ours, peer, ratio }) => [
    task,
    N,
    ours.solver,
    inUnits(ours.seconds.median),
    peer.solver,
    inUnits(peer.seconds.median),
    factor(ratio),
  ]),
);

const growth = table(
  ['task', 'solver', 'time grows as', 'measured for N'],
  study.scalings.map(({ task, solver, exponent, from, to }) => [
    task,
    solver,
    `N^${exponent.toFixed(2)}`,
    `${from} … ${to}`,
  ]),
);

/**
 * Complex numbers of a vector, and how many an iterative solution keeps: a Krylov basis of 40, its images, and
 * a few more. The sector is eliminated directly, which keeps 56 real numbers a level.
 */
const SPACES = [
  { name: 'zero-charge sector', numbers: (N) => 28 * N, vectors: 1 },
  { name: 'band, 31 diagonals', numbers: (N) => 6 * 31 * N, vectors: 90 },
  { name: 'whole space', numbers: (N) => 16 * N * N, vectors: 90 },
];
const BYTES = { f32: 8, 'double-float, f64': 16 };

/** The largest power of two that fits, by the size of the vectors alone. */
function largest({ numbers, vectors }, bytes, memory) {
  let N = 2;
  while (numbers(2 * N) * vectors * bytes <= memory) N *= 2;
  return N;
}

const fits = table(
  ['space', 'precision', '8 GiB', '24 GiB', '80 GiB'],
  SPACES.flatMap((space) =>
    Object.entries(BYTES).map(([precision, bytes]) => [
      space.name,
      precision,
      ...[8, 24, 80].map((gibibytes) => `N = ${largest(space, bytes, gibibytes * 2 ** 30)}`),
    ]),
  ),
);

const { machine, date } = study;
const text = `<!-- study: written by npm run bench:readme -->

Measured on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${date.slice(0, 10)}; every time is of an
answer that was found right. \`npm run bench\` measures your machine.

${against}

${growth}

What fits, by the memory of a solver's vectors, as a power of two (an extrapolation: computed, not measured):

${fits}

<!-- end of study -->`;

const old = readFileSync(page, 'utf8');
const replaced = old.replace(/<!-- study:[\s\S]*<!-- end of study -->/, () => text);
if (replaced === old && !old.includes(text)) {
  throw new Error(
    'docs/explanation/performance.md has no place for the study: <!-- study: … --> … <!-- end of study -->',
  );
}
writeFileSync(page, replaced);
