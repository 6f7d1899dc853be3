/**
 * A machine as a Python script that computes its steady state with QuTiP, in the whole space: for whoever wants to
 * check this program's numbers in a language and with a library of his own.
 */
import { parameter } from '../expression.js';
import { FREQUENCY } from '../machine.js';
import { real } from '../operatorForm.js';
import type { Values } from '../tape.js';
import type { DescribedMachine } from './describedMachine.js';
import type { LadderForm } from './ladder.js';
import { type MachineModel, machineModel } from './models.js';
import { PythonFormulas, pythonName } from './pythonFormula.js';
import type { CompleteDescription } from './schema.js';
import { functionValue } from './value.js';

const HELPERS = `
def on_levels(f, x):
    """A function of a number, or of what is diagonal."""
    if np.isscalar(x):
        return f(x)
    return qutip.Qobj(sparse.diags([f(value) for value in x.diag()], format="csr"), dims=x.dims)


def sqrt(x): return on_levels(np.sqrt, x)
def exp(x): return on_levels(np.exp, x)
def cos(x): return on_levels(np.cos, x)
def sin(x): return on_levels(np.sin, x)
def bose(x): return 1/np.expm1(x)
def fermi(x): return 1/(np.exp(x) + 1)
def op(x): return x*one if np.isscalar(x) else x
def dag(x): return op(x).dag()
def plus_hc(x): return op(x) + dag(x)


def on_subsystem(at, matrix):
    """A matrix of one factor of the space."""
    return qutip.tensor([qutip.Qobj(sparse.csr_matrix(matrix)) if k == at else qutip.qeye(n) for k, n in enumerate(sizes)])


def T(at, to, level):
    matrix = np.zeros((sizes[at], sizes[at]))
    matrix[to, level] = 1
    return on_subsystem(at, matrix)


def P(at, level): return T(at, level, level)
def sm(at): return T(at, 0, 1)
def sp(at): return T(at, 1, 0)
def sx(at): return sp(at) + sm(at)
def sy(at): return 1j*(sm(at) - sp(at))
def sz(at): return P(at, 1) - P(at, 0)
def lower(at): return on_subsystem(at, np.eye(sizes[at], k=1))
def raise_(at): return on_subsystem(at, np.eye(sizes[at], k=-1))
def num(at): return on_subsystem(at, np.diag(np.arange(sizes[at])))
`;

/** Helpers on the ladder, the last factor of the space. */
const LADDER_HELPERS = `
def steps(f, k):
    """f of the level, then k levels up; what leaves the window is lost."""
    return on_subsystem(len(sizes) - 1, np.eye(len(levels), k=-k) @ np.diag([f(l) for l in levels]))


def turn(k): return steps(lambda l: 1, k)
def cos_turn(k, angle=0): return (turn(k)*np.exp(1j*angle) + turn(-k)*np.exp(-1j*angle))/2
def sin_turn(k, angle=0): return (turn(k)*np.exp(1j*angle) - turn(-k)*np.exp(-1j*angle))/2j
`;

/** The operators that formulas know the ladder by. */
function ladderOperators({ kind, lmax }: LadderForm, offset: string | null): string[] {
  const quantity = `steps(lambda l: l${offset === null ? '' : ` - (${offset})`}, 0)`;
  switch (kind) {
    case 'rotor':
      return [`L = ${quantity}`];
    case 'charge':
      return [`n = ${quantity}`];
    case 'oscillator':
      return [`n = ${quantity}`, 'a = steps(lambda l: np.sqrt(l), -1)', 'ad = a.dag()'];
    case 'finite':
      return [`n = ${quantity}`, 'up = turn(1)', 'down = turn(-1)'];
    case 'ring':
      return [`site = ${quantity}`, `hop = turn(1) + turn(${-lmax})`];
    case 'spin':
      return [
        `Jz = steps(lambda l: l - ${lmax / 2}, 0)`,
        `Jp = steps(lambda l: np.sqrt((${lmax} - l)*(l + 1)), 1)`,
        'Jm = Jp.dag()',
        'Jx = (Jp + Jm)/2',
        'Jy = (Jp - Jm)/2j',
      ];
    case 'none':
      return [];
  }
}

const text = (value: string): string => JSON.stringify(value);

const dictionary = (name: string, entries: readonly (readonly [string, string])[]): string[] => [
  `${name} = {`,
  ...entries.map(([key, code]) => `    ${text(key)}: ${code},`),
  '}',
];

/** The jumps of a coupling, between eigenstates of what the master equation takes for the machine. */
const THERMAL_HELPERS = (model: MachineModel): string => `
bare = sum(energies.values(), 0*one).full()
${machineModel(model).energies === 'diagonal' ? 'bare = np.diag(np.diag(bare))\n' : ''}

def thermal(coupling, spectrum, beta):
    """Of each difference of energies the part of the coupling that brings it, with the root of its rate."""
    found, vectors = np.linalg.eigh(bare)
    inside = vectors.conj().T @ coupling.full() @ vectors
    gains = np.subtract.outer(found, found)
    there = np.abs(inside) > 1e-13*np.abs(inside).max()
    close = 1e-9*np.abs(found).max()
    jumps = []
    while there.any():
        gain = gains[there][0]
        part = there & (np.abs(gains - gain) <= close)
        rate = spectrum(abs(gain))/abs(np.expm1(beta*gain))
        jumps.append(qutip.Qobj(vectors @ (inside*part) @ vectors.conj().T*np.sqrt(rate), dims=one.dims))
        there = there & ~part
    return jumps

`;

/** A bath by what it couples to. */
function coupled(
  { coupling, spectrum, temperature, beta }: CompleteDescription['baths'][string],
  formulas: PythonFormulas,
): string {
  const inverse = beta === undefined ? `1/(${formulas.write(temperature)})` : formulas.write(beta);
  const { scope } = formulas;
  scope.define(FREQUENCY, functionValue(real(parameter(FREQUENCY))));
  const density = formulas.write(spectrum);
  scope.forget(FREQUENCY);
  return `thermal(op(${formulas.write(coupling)}), lambda ${FREQUENCY}: ${density}, ${inverse})`;
}

const READING = (symbol: string | null): string => `
def mean(x, state): return complex((x*state).tr())


def dissipated(jumps, state):
    return sum((a*state*a.dag() - (a.dag()*a*state + state*a.dag()*a)/2 for a in jumps), 0*one)


hamiltonian = sum(energies.values(), 0*one)
generator = qutip.liouvillian(hamiltonian, [a for jumps in baths.values() for a in jumps])
rho = qutip.steadystate(generator, method="direct")


def flow(name, what):
    """What a bath brings into the energies that count as heat, or as work."""
    state = dissipated(baths[name], rho)
    return sum(
        mean(energy, state).real
        for key, energy in energies.items()
        if ("heat" if counts[key] == counts["bath " + name] == "heat" else "work") == what
    )


def observed(x):
    value = mean(x, rho)
    is_real = x.isherm or abs(value.imag) <= 1e-13*max(1, abs(value.real))
    return value.real if is_real else {"re": value.real, "im": value.imag}


result = {
    "populations": {
        name: {level: mean(P(at, k), rho).real for k, level in enumerate(names)}
        for name, (at, names) in subsystems.items()
    },
${
  symbol === null
    ? '    "ladder": None,'
    : `    "ladder": {"mean": mean(${symbol}, rho).real, "meanSquare": mean(${symbol}*${symbol}, rho).real},`
}
    "energies": {name: mean(energy, rho).real for name, energy in energies.items()},
    "heat": {name: flow(name, "heat") for name in baths},
    "work": {name: flow(name, "work") for name in baths},
    "observables": {name: observed(x) for name, x in observables.items()},
    "residual": (generator*qutip.operator_to_vector(rho)).norm("l2"),
}
print(json.dumps(result, indent=2))
`;

/**
 * The script, for these numbers and this window: it needs Python with QuTiP, 4.7 or 5, and prints one JSON object
 * whose fields are those of `qmill steady --machine FILE --json`.
 */
export function pythonScript(
  described: DescribedMachine,
  values: Values,
  { lmin, lmax }: { readonly lmin: number; readonly lmax: number },
): string {
  const { description, scope, ladder, subsystems } = described;
  const formulas = new PythonFormulas(scope);
  const hasLadder = ladder.kind !== 'none';
  const sizes = subsystems.all.map(({ levels }) => levels.length);
  const factors = hasLadder ? [...sizes, lmax - lmin + 1] : sizes;
  const offset =
    'offset' in description.ladder && description.ladder.offset !== undefined
      ? formulas.write(description.ladder.offset)
      : null;
  const energies = Object.entries(description.hamiltonian).map(([name, given]) => ({
    name,
    formula: formulas.write(typeof given === 'object' ? given.energy : given),
    counts: typeof given === 'object' ? given.counts : 'heat',
  }));
  const baths = Object.entries(description.baths);
  const lines = [
    `# ${described.name.replace(/\s+/g, ' ')}: its steady state with QuTiP, in the whole space.`,
    'import json',
    'import warnings',
    '',
    'import numpy as np',
    'from scipy import sparse',
    '',
    'warnings.simplefilter("ignore")',
    'import qutip',
    '',
    ...described.parameters.map(({ name }) => `${pythonName(name)} = ${values[name]}`),
    '',
    ...(hasLadder ? [`levels = np.arange(${lmin}, ${lmax + 1})`] : []),
    `sizes = [${(factors.length === 0 ? [1] : factors).join(', ')}]`,
    'one = qutip.tensor([qutip.qeye(n) for n in sizes])',
    ...subsystems.all.map(({ name }, at) => `${pythonName(name)} = ${at}`),
    ...dictionary(
      'subsystems',
      subsystems.all.map(({ name, levels }, at) => [
        name,
        `(${at}, [${levels.map(text).join(', ')}])`,
      ]),
    ),
    '',
    HELPERS,
    ...(hasLadder ? [LADDER_HELPERS, ...ladderOperators(ladder, offset), ''] : []),
    ...Object.entries(description.definitions).map(
      ([name, formula]) => `${pythonName(name)} = ${formulas.write(formula)}`,
    ),
    '',
    ...dictionary(
      'energies',
      energies.map(({ name, formula }) => [name, `op(${formula})`]),
    ),
    ...(described.baths.every(({ thermal }) => thermal === null)
      ? []
      : [THERMAL_HELPERS(described.model)]),
    ...dictionary(
      'baths',
      baths.map(([name, bath]) => [
        name,
        bath.jumps === undefined
          ? coupled(bath, formulas)
          : `[${bath.jumps.map((jump) => `op(${formulas.write(jump)})`).join(', ')}]`,
      ]),
    ),
    ...dictionary('counts', [
      ...energies.map(({ name, counts }): [string, string] => [name, text(counts)]),
      ...baths.map(([name, { counts }]): [string, string] => [`bath ${name}`, text(counts)]),
    ]),
    ...dictionary(
      'observables',
      Object.entries(description.observables).map(([name, formula]) => [
        name,
        `op(${formulas.write(formula)})`,
      ]),
    ),
    '',
    READING(ladder.symbol),
  ];
  return lines.join('\n').replace(/\n{4,}/g, '\n\n\n');
}
