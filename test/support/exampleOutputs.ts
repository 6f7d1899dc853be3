/** The page of commands with what they print: every one of them is run. */

/** By command, in the order of `qmill --help`. Later ones read what earlier ones have written. */
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
  export: ['export results --to csv results.csv'],
  plot: ['plot results --show heat.Q2,work.WQ --x beta2/beta1 --out lines.svg'],
  rectify: [
    'rectify --beta2 0.05 --over chi=0:0.9 --lmin -8 --lmax 12 --edge-tolerance 0.2',
    'rectify --machine two-qubit-rectifier --model local',
  ],
  optimise: ['optimise --minimise work.WQ --over chi=-0.9:0.9 --starts 2'],
  figure: ['figure 3 --out pictures'],
};

/** The plan that examples of sweeps are about. */
export const PLAN = `axes:
  beta2/beta1: {linspace: {from: 0.1, to: 0.9, count: 5}}
observables: [heat.Q2, work.WQ, operation]
`;

/** @param run what runs a command line, in the folder of the plan, and gives what it prints */
export function examplesPage(run: (args: readonly string[]) => string): string {
  const sections = Object.entries(EXAMPLES).map(([command, lines]) => {
    const shown = lines.map((line) => {
      const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain,
      );
      return `\`\`\`text\n$ qmill ${line}\n${run(args).trimEnd()}\n\`\`\``;
    });
    return [`## ${command}`, ...shown].join('\n\n');
  });
  return [
    '# Commands and what they print',
    'A test has run each of these, and holds this page against what they print. Times and rounding differ from machine to machine. With `--json` most print the same for programs. `schema` prints JSON and `completion` a program for the shell; `serve`, `adapters`, `bench` and `slurm` are about the machine that they run on: [performance](../explanation/performance.md) has tables that `bench` has made, [clusters](../how-to/cluster.md) what `slurm` does.',
    `The sweep is of this \`plan.yaml\`:\n\n\`\`\`text\n${PLAN}\`\`\``,
    ...sections,
    '',
  ].join('\n\n');
}

const NUMBER = /[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g;
/** An estimate of an error or of a remainder, of which the order counts. */
const ORDER = /^-?\d\.\de[-+]\d+$/;
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
    if (TIME.test(a[i + 1] ?? '')) return true;
    const [x, y] = [word.match(NUMBER) ?? [], b[i].match(NUMBER) ?? []];
    return x.every((text, k) => isSameNumber(text, y[k]));
  });
}
