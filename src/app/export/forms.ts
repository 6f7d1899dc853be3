/** What the page shows, as what other programs take: the same device, the same numbers. */
import { truncation } from '../../model/parameters.js';
import { hasPotential } from '../../model/potentialParameters.js';
import { rotorWindow } from '../../operators/window.js';
import { CURVE_POINTS, curveNames } from '../curves/curves.js';
import { type Axis, extraOf, MAP_OBSERVABLES } from '../map/grid.js';
import { axisOf, defaultPage, type Page } from '../state/page.js';

export interface Form {
  readonly title: string;
  readonly file: string;
  readonly type: string;
  /** Why it cannot be had of this page; null where it can. */
  readonly refused?: (page: Page) => string | null;
  readonly text: (page: Page) => Promise<string> | string;
}

/** The window and tolerance that a reader must know. */
function windowOf({ truncation: chosen }: Page): Record<string, number> {
  const { lmin, lmax, edgeTolerance } = chosen;
  const window: Record<string, number> =
    lmin === undefined || lmax === undefined ? {} : { lmin, lmax };
  const usual = truncation(window).edgeTolerance;
  return edgeTolerance === usual ? window : { ...window, edgeTolerance };
}

/** Parameters that are not at their defaults. */
function ownParameters({ parameters }: Page): Record<string, unknown> {
  const usual: Readonly<Record<string, unknown>> = { ...defaultPage().parameters };
  return Object.fromEntries(Object.entries(parameters).filter(([name, v]) => v !== usual[name]));
}

const kebab = (name: string): string => (name === 'edgeTolerance' ? 'edge-tolerance' : name);

const flags = (page: Page): string =>
  Object.entries({ ...ownParameters(page), ...windowOf(page) })
    .map(([name, value]) => ` --${kebab(name)} ${value}`)
    .join('');

function commandLine(page: Page): string {
  const { view, settings, parameters } = page;
  switch (view) {
    case 'map':
      return 'qmill sweep plan.yaml --out results   # with the plan that can be downloaded here\n';
    case 'figures':
      return `qmill figure ${settings.figure} --out figures\n`;
    case 'rectification': {
      const over = settings.and === 'nothing' ? settings.over : `${settings.over},${settings.and}`;
      const { model, ...rest } = { ...parameters, ...windowOf(page) };
      const all = Object.entries(rest).map(([name, v]) => ` --${kebab(name)} ${v}`);
      return `qmill rectify --model ${model} --over ${over} --alpha ${settings.alpha} --definition ${settings.definition}${all.join('')}\n`;
    }
    case 'evolution':
      return `qmill evolve${flags(page)} --times 0,${settings.until}\n`;
    default:
      return `qmill steady${flags(page)}\n`;
  }
}

async function yaml(content: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(content);
}

const deviceYaml = async (page: Page): Promise<string> =>
  `# qmill steady --config device.yaml\n${await yaml({ ...page.parameters, ...windowOf(page) })}`;

const rangeOf = ({ name, from, to, spacing }: Axis, count: number) => ({
  [name]: { [spacing === 'linear' ? 'linspace' : 'logspace']: { from, to, count } },
});

/** The map, or the curves, as a sweep. */
async function plan(page: Page): Promise<string> {
  const { settings: s, view } = page;
  const axes: Record<string, unknown> =
    view === 'map'
      ? { ...rangeOf(axisOf(s, 'mapX'), s.mapSize), ...rangeOf(axisOf(s, 'mapY'), s.mapSize) }
      : rangeOf(axisOf(s, 'curve'), CURVE_POINTS);
  const { model, ...parameters } = page.parameters;
  const fixed = Object.fromEntries(Object.entries(parameters).filter(([name]) => !(name in axes)));
  const { edgeTolerance, ...window } = windowOf(page);
  const extra = extraOf(s.mapShow);
  const mapNames = [...MAP_OBSERVABLES, ...(extra === null ? [] : [extra])];
  const content = {
    model,
    parameters: fixed,
    axes,
    observables: view === 'map' ? mapNames : [...curveNames(s.curveShow), 'operation'],
    truncation: 'lmin' in window ? window : 'auto',
    ...(edgeTolerance === undefined ? {} : { edgeTolerance }),
  };
  return `# qmill sweep plan.yaml --out results\n${await yaml(content)}`;
}

const script = (page: Page): string => {
  const chosen = windowOf(page);
  const options = Object.keys(chosen).length === 0 ? '' : `, { truncation: ${object(chosen)} }`;
  return `import { steadyState } from 'quantum-mill';

const { heat, work, rotor, operation, converged } = await steadyState(${object(ownParameters(page))}${options});
console.log({ heat, work, rotor, operation, converged });
`;
};

const object = (fields: Readonly<Record<string, unknown>>): string =>
  Object.keys(fields).length === 0
    ? '{}'
    : `{ ${Object.entries(fields)
        .map(([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : value}`)
        .join(', ')} }`;

/** The window of a script where the page chooses it. */
const SCRIPT_WINDOW = { lmin: -33, lmax: 33 };

/** The machine's own file, which QuTiP's script is written from. */
async function qutip(page: Page): Promise<string> {
  const [{ default: text }, { describedMachine }, { pythonScript }] = await Promise.all([
    import('../../../machines/quantum-mill.yaml?raw'),
    import('../../machine/description/described.js'),
    import('../../machine/description/pythonScript.js'),
  ]);
  const described = describedMachine('quantum-mill.yaml', text);
  const values = Object.fromEntries(
    described.parameters.map(({ name }) => [
      name,
      Number((page.parameters as Readonly<Record<string, unknown>>)[name]),
    ]),
  );
  const { lmin = SCRIPT_WINDOW.lmin, lmax = SCRIPT_WINDOW.lmax } = page.truncation;
  return pythonScript(described, values, rotorWindow(lmin, lmax));
}

function refusesQutip({ parameters }: Page): string | null {
  if (parameters.model !== 'local') return 'of the local model alone';
  if (hasPotential(parameters)) return 'without a potential';
  return parameters.kappa1 !== 0 || parameters.kappa2 !== 0 ? 'without dephasing' : null;
}

const BIBTEX = `@article{Leitch2023,
  title = {Thermodynamics of hybrid quantum rotor devices},
  author = {Leitch, Heather and Hammam, Kenza and De Chiara, Gabriele},
  year = {2023},
  eprint = {2304.08122},
  archiveprefix = {arXiv},
  doi = {10.48550/arXiv.2304.08122}
}
`;

export const FORMS: readonly Form[] = [
  { title: 'YAML for --config', file: 'device.yaml', type: 'text/yaml', text: deviceYaml },
  { title: 'command line', file: 'command.sh', type: 'text/x-sh', text: commandLine },
  { title: 'plan of a sweep', file: 'plan.yaml', type: 'text/yaml', text: plan },
  { title: 'TypeScript', file: 'device.ts', type: 'text/plain', text: script },
  {
    title: 'Python with QuTiP',
    file: 'device.py',
    type: 'text/x-python',
    refused: refusesQutip,
    text: qutip,
  },
  { title: 'BibTeX of the paper', file: 'paper.bib', type: 'text/plain', text: () => BIBTEX },
];
