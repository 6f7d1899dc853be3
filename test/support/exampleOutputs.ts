/** The page of commands with what they print: every one of them is run, but for a study, of which one is kept. */
import { readFileSync } from 'node:fs';
import { fitted } from '../../src/cli/printText.js';
import { rowLine, summary } from '../../src/performance/report.js';
import type { Study } from '../../src/performance/study.js';

/** By command, in the order of `qmill --help`. Later ones read what earlier ones have written. `| head` cuts as in a shell. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  steady: ['steady', 'steady --machine exchange-qubits --set nh=2'],
  fluctuations: ['fluctuations --beta2 0.08'],
  sensitivity: ['sensitivity --of heat.Q2,rotor.Lz'],
  modes: ['modes --count 3'],
  correlate: ["correlate 'exp(i*phi)' --tau 0,1,10 --frequency -1,0,1"],
  evolve: [
    'evolve --times 1,100,10000 --qubit1 up',
    'evolve --machine jaynes-cummings --times 1,10,100',
  ],
  collide: [
    'collide --beta1 0.4 --beta2 0.1 --collisions 40 --every 20 --lmin -8 --lmax 12',
    'collide --machine ladder-charging --collisions 50 --every 25',
  ],
  trajectories: ['trajectories --times 100 --count 200 --threads 1'],
  machines: ['machines'],
  levels: ['levels --machine transmon'],
  sweep: ['sweep plan.yaml --out results --workers 1'],
  slurm: ['slurm plan.yaml --out job --tasks 2'],
  export: ['export results --to csv results.csv'],
  plot: ['plot results --show heat.Q2,work.WQ --x beta2/beta1 --out lines.svg'],
  rectify: [
    'rectify --beta2 0.05 --over chi=0:0.9 --lmin -8 --lmax 12 --edge-tolerance 0.2',
    'rectify --machine two-qubit-rectifier --model local',
  ],
  optimise: ['optimise --minimise work.WQ --over chi=-0.9:0.9 --starts 2'],
  figure: ['figure 3 --out pictures'],
  adapters: ['adapters'],
  schema: ['schema levels | head -n 19'],
  completion: ['completion bash | head -n 2'],
  serve: ['serve --port 0'],
};

/** The plan that examples of sweeps are about. */
export const PLAN = `axes:
  beta2/beta1: {linspace: {from: 0.1, to: 0.9, count: 5}}
observables: [heat.Q2, work.WQ, operation]
`;

/** One group of the study that the project keeps, as `qmill bench` prints it. */
function keptStudy(group: string): string {
  const path = new URL('../../bench/results/study.json', import.meta.url);
  const study: Study = JSON.parse(readFileSync(path, 'utf8'));
  const ofGroup = <T extends { readonly group: string }>(all: readonly T[]) =>
    all.filter((one) => one.group === group);
  const rows = ofGroup(study.rows);
  // What was skipped is of all groups.
  const text = summary({ ...study, rows, scalings: ofGroup(study.scalings), skipped: [] });
  return fitted([...rows.map(rowLine), '', text].join('\n'));
}

const block = (line: string, printed: string): string =>
  `\`\`\`text\n$ qmill ${line}\n${printed.trimEnd()}\n\`\`\``;

/** @param run what runs a command line, in the folder of the plan, and gives what it prints */
export async function examplesPage(
  run: (args: readonly string[]) => Promise<string>,
): Promise<string> {
  const sections: string[] = [];
  for (const [command, lines] of Object.entries(EXAMPLES)) {
    sections.push(`## ${command}`);
    for (const line of lines) {
      const [words, head] = line.split(' | head -n ');
      const args = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain,
      );
      const printed = (await run(args)).split('\n');
      sections.push(
        block(line, printed.slice(0, head === undefined ? undefined : Number(head)).join('\n')),
      );
    }
  }
  return [
    '# Commands and what they print',
    'A test has run each of these, and holds this page against what they print. Times and rounding differ from machine to machine. With `--json` most print the same for programs: [their fields](json.md).',
    `The sweep is of this \`plan.yaml\`:\n\n\`\`\`text\n${PLAN}\`\`\``,
    ...sections,
    '## bench',
    'From the study that is kept in `bench/results/study.json`; [performance](../explanation/performance.md) has its tables.',
    block('bench sweep', keptStudy('sweep')),
    '',
  ].join('\n\n');
}

const NUMBER = /[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g;
/** An estimate of an error or of a remainder, of which the order counts. */
const ORDER = /^-?\d\.\de[-+]\d+$/;
/** Where a page is served, at a port that was free. */
const ADDRESS = /^http:\/\/localhost:\d+\/$/;
/** A number that is the time of a run. */
const TIME = /^(?:s|ms|\/s)\b/;
/** What rounding leaves of a 0, and how far numbers of two machines may be apart. */
const ZERO = 1e-12;
const SAME = 1e-6;
const APART = 4;

function isSameNumber(one: string, other: string): boolean {
  const [p, q] = [one, other].map((text) => Math.abs(Number(text.replace('−', '-'))));
  if (Math.max(p, q) <= ZERO) return true;
  if (ORDER.test(one)) return Math.max(p, q) <= APART * Math.max(Math.min(p, q), ZERO);
  return Math.abs(p - q) <= SAME * p;
}

/** Whether two pages differ by rounding, by times, and by where lines are broken for them alone. */
export function isSamePage(one: string, other: string): boolean {
  const [a, b] = [one.split(/\s+/), other.split(/\s+/)];
  if (a.length !== b.length) return false;
  return a.every((word, i) => {
    if (word === b[i]) return true;
    if (word.replace(NUMBER, '#') !== b[i].replace(NUMBER, '#')) return false;
    if (ADDRESS.test(word) || TIME.test(a[i + 1] ?? '')) return true;
    const [x, y] = [word.match(NUMBER) ?? [], b[i].match(NUMBER) ?? []];
    return x.every((text, k) => isSameNumber(text, y[k]));
  });
}
