/** Descriptions that are wrong in every way that came to mind: one line each, with its place and what would do. */
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { MachineError } from '../../src/machine/description/error.js';

/** Every part of a machine, in lines of their own. */
const PARTS: Readonly<Record<string, string>> = {
  name: 'name: test',
  subsystems: 'subsystems: {q: 2, atom: [g, e, f]}',
  ladder: 'ladder: {kind: rotor, window: [-5, 5]}',
  parameters: `parameters:
  g: {default: 1, unit: energy, range: [0, 5], text: coupling}
  I: {default: 2, unit: 1/energy}
  k: {default: 0.3, unit: energy}
  beta: {default: 0.5, unit: 1/energy}`,
  definitions: `definitions:
  nb: bose(beta*g)`,
  hamiltonian: `hamiltonian:
  kinetic: L^2/(2*I)
  coupling: {energy: "g*(sm(q)*T(atom, e, g)*exp(i*phi) + hc)", counts: work}`,
  baths: `baths:
  hot: {beta: beta, jumps: [sqrt(k*(nb + 1))*sm(q), sqrt(k*nb)*sp(q)]}
  cold: {temperature: none, jumps: ["sqrt(k)*T(atom, g, f)"]}`,
  observables: `observables:
  turn: sz(q)*cos(phi)`,
};

const described = (changes: Readonly<Record<string, string>>) =>
  describedMachine('m.yaml', `${Object.values({ ...PARTS, ...changes }).join('\n')}\n`);

/** A machine whose formula of an observable is the given one. */
const observing = (formula: string) => ({ observables: `observables:\n  turn: ${formula}` });

const energy = (formula: string) => ({
  hamiltonian: `${PARTS.hamiltonian}\n  more: ${formula}`,
});

const bath = (line: string) => ({ baths: `${PARTS.baths}\n  third: ${line}` });

const parameters = (line: string) => ({ parameters: `${PARTS.parameters}\n  ${line}` });

const BOMB = `${'('.repeat(5000)}1${')'.repeat(5000)}`;
const ALIASES = [
  'a0: &a0 [x, x]',
  ...Array.from({ length: 30 }, (_, k) => `a${k + 1}: &a${k + 1} [*a${k}, *a${k}]`),
].join('\n');

const WRONG: readonly (readonly [what: string, changes: Record<string, string>, line: RegExp])[] = [
  // Of YAML.
  ['broken YAML', { ladder: 'ladder: {kind: rotor' }, /^m\.yaml:\d+:\d+: must be valid YAML/],
  [
    'a key twice',
    { more: 'name: other' },
    /^m\.yaml:\d+:1: must be valid YAML \(Map keys must be unique/,
  ],
  ['an alias bomb', { more: ALIASES }, /valid YAML \(Excessive alias count/],
  ['an alias without an anchor', { name: 'name: *nobody' }, /valid YAML \(Unresolved alias/],
  // Of keys and values.
  ['a key that is lost', parameters('__proto__: 1'), /^m\.yaml:\d+:3: '__proto__' is no name$/],
  [
    'an unknown key',
    { more: 'bath: {}' },
    /^m\.yaml:\d+:1: 'bath' is not known; did you mean 'baths'\?$/,
  ],
  [
    'jumps without a bath',
    { more: 'jumps: [sm(q)]' },
    /'jumps' is not known: jumps belong to a bath$/,
  ],
  [
    'an unknown key of a bath',
    bath('{temperature: 1, jump: [sm(q)]}'),
    /^m\.yaml:\d+:27: 'jump' is not known in baths\.third; did you mean 'jumps'\?$/,
  ],
  ['no name', { name: '' }, /^m\.yaml:2:1: name is missing: must be a name/],
  ['a name that is a list', { name: 'name: [a]' }, /^m\.yaml:1:7: name = \["a"\]: must be a name/],
  [
    'one level',
    { subsystems: 'subsystems: {q: 1, atom: [g, e, f]}' },
    /^m\.yaml:2:17: subsystems\.q = 1: must be a number of levels from 2/,
  ],
  [
    'half a level',
    { subsystems: 'subsystems: {q: 2.5, atom: [g, e, f]}' },
    /subsystems\.q = 2\.5: must be/,
  ],
  [
    'a level twice',
    { subsystems: 'subsystems: {q: 2, atom: [g, e, g]}' },
    /subsystems\.atom: a level is there twice$/,
  ],
  [
    'too many states',
    { subsystems: 'subsystems: {q: 2, atom: [g, e, f], a: 9, b: 9}' },
    /486 states together: at most 64$/,
  ],
  [
    'a name that is none',
    { subsystems: 'subsystems: {q: 2, atom: [g, e, f], "a b": 2}' },
    /subsystems: 'a b' is no name: a letter, then/,
  ],
  [
    'a name with a meaning',
    { subsystems: 'subsystems: {q: 2, atom: [g, e, f], exp: 2}' },
    /'exp' already has a meaning/,
  ],
  [
    'an unknown ladder',
    { ladder: 'ladder: {kind: stairs}' },
    /^m\.yaml:3:16: ladder\.kind = 'stairs': must be one of rotor/,
  ],
  [
    'a window upside down',
    { ladder: 'ladder: {kind: rotor, window: [5, -5]}' },
    /ladder\.window = \[5,-5\]: must be \[lmin, lmax\]/,
  ],
  [
    'a ladder without a window',
    { ladder: 'ladder: {kind: rotor}' },
    /ladder\.window is missing: must be/,
  ],
  [
    'a field of another ladder',
    { ladder: 'ladder: {kind: rotor, window: [-5, 5], spin: 2}' },
    /'spin' is not known in ladder/,
  ],
  [
    'a spin that is none',
    { ladder: 'ladder: {kind: spin, spin: 0.7}' },
    /ladder\.spin = 0\.7: must be a multiple/,
  ],
  [
    'a huge window',
    { ladder: 'ladder: {kind: rotor, window: [-100000000, 5]}' },
    /ladder\.window.*at most 10000 levels/,
  ],
  [
    'a parameter that is text',
    parameters('x: much'),
    /parameters\.x = 'much': must be a number, or a mapping/,
  ],
  [
    'a parameter without default',
    parameters('x: {unit: energy}'),
    /parameters\.x\.default is missing: must be a number/,
  ],
  [
    'a default out of range',
    parameters('x: {default: 7, range: [0, 5]}'),
    /parameters\.x\.default: 7 is outside of its range \[0, 5\]/,
  ],
  [
    'an unknown unit',
    parameters('x: {default: 7, unit: metre}'),
    /parameters\.x\.unit = 'metre': must be one of 1, energy/,
  ],
  ['an infinite default', parameters('x: .inf'), /parameters\.x = Infinity: must be a number/],
  [
    'an unused parameter',
    parameters('x: 1'),
    /^m\.yaml:\d+:3: parameters\.x: 'x' is not used by any formula$/,
  ],
  ['a parameter named as the angle', parameters('phi: 1'), /'phi' already has a meaning/],
  ['a parameter named as a subsystem', parameters('q: 1'), /'q' is a subsystem already/],
  [
    'an unused definition',
    { definitions: `${PARTS.definitions}\n  nc: 2*k` },
    /definitions\.nc: 'nc' is not used/,
  ],
  [
    'a definition of a parameter',
    { definitions: `${PARTS.definitions}\n  k: 2` },
    /'k' is a parameter already/,
  ],
  [
    'a definition used before it is there',
    { definitions: 'definitions:\n  na: nb + 1\n  nb: bose(beta*g)' },
    /definitions\.na: 'nb' is not defined yet: a definition is made of those before it$/,
  ],
  [
    'an unused subsystem',
    { subsystems: 'subsystems: {q: 2, atom: [g, e, f], idle: 2}' },
    /subsystems\.idle: 'idle' is not used/,
  ],
  [
    'no energies and no baths',
    {
      hamiltonian: '',
      baths: '',
      observables: '',
      definitions: '',
      parameters: '',
      ladder: '',
      subsystems: '',
    },
    /a machine has energies/,
  ],
  [
    'a formula with commas in a list without quotes',
    bath('{temperature: 1, jumps: [sqrt(k)*T(atom, e, g)]}'),
    /the end where/,
  ],
  [
    'a formula with commas in a mapping without quotes',
    { hamiltonian: 'hamiltonian:\n  c: {energy: g*P(atom, e), counts: work}' },
    /'e\)' is not known in hamiltonian\.c: a formula with commas within \{ \} stands in quotes$/,
  ],
  // Of formulas.
  [
    'an unknown name',
    observing('sz(q)*cos(phy)'),
    /^m\.yaml:\d+:19: observables\.turn: 'phy' is not known; did you mean 'phi'\?$/,
  ],
  [
    'an unknown operator',
    observing('smm(q)*cos(phi)'),
    /:9: observables\.turn: 'smm' is no operator and no function; did you mean 'sm'\?$/,
  ],
  [
    'an unknown subsystem',
    observing('sz(p)*cos(phi)'),
    /:12: observables\.turn: 'p' is no subsystem; did you mean 'q'\?$/,
  ],
  [
    'a level out of range',
    observing('P(q, 2)*cos(phi)'),
    /:14: observables\.turn: '2' is no level of 'q', which has 0, 1$/,
  ],
  [
    'an unknown level',
    observing('P(atom, h)*cos(phi)'),
    /'h' is no level of 'atom', which has g, e, f$/,
  ],
  [
    'a matrix of two levels on three',
    observing('sz(atom)*cos(phi)'),
    /sz is of two levels, and 'atom' has 3/,
  ],
  ['a subsystem alone', observing('q*cos(phi)'), /'q' is a subsystem: it stands within sz\(q\)/],
  ['a bracket left open', observing("'(sz(q)*cos(phi)'"), /the end where .* expected$/],
  ['two operators', observing('"sz(q)**cos(phi)"'), /'\*' where .* expected$/],
  [
    'a word after the end',
    observing('sz(q) cos(phi)'),
    /:15: observables\.turn: 'cos' where .* expected$/,
  ],
  ['a character without meaning', observing('sz(q)*cos(phi)$'), /'\$' where .* expected$/],
  ['an empty formula', observing("''"), /observables\.turn/],
  ['a program', observing('"(() => process.exit(7))()"'), /where .* expected$/],
  ['a property', observing('phi.constructor'), /'phi\.constructor' is not known/],
  ['a name of every object', observing('constructor*cos(phi)'), /'constructor' is not known/],
  ['a function without argument', observing('cos()'), /cos takes one argument, not 0$/],
  ['a number that is called', observing('g(2)*cos(phi)'), /'g' is no function: write g\*\(…\)$/],
  ['a function that is not called', observing('cos*phi'), /'cos' is a function: cos\(…\)$/],
  ['half a turn', observing('cos(phi/2)'), /must be a whole multiple of phi, at most 32$/],
  ['too wide a step', observing('exp(i*99*phi)'), /must be a whole multiple of phi, at most 32$/],
  ['an angle by itself', observing('phi*sz(q)'), /'phi' stands within exp/],
  ['an exponential without i', observing('exp(phi)'), /exp takes i\*k\*phi/],
  ['a division by an operator', observing('1/cos(phi)'), /nothing is divided by an operator/],
  ['a division by 0', observing('cos(phi)/0'), /a division by 0$/],
  ['a root of an operator', observing('sqrt(cos(phi))'), /not an operator$/],
  [
    'a power that is an operator',
    observing('2^cos(phi)'),
    /a power must be a whole number or a half/,
  ],
  [
    'a large power',
    observing('cos(phi)^99'),
    /a power must be a whole number or a half, at most 32$/,
  ],
  ['hc in front', observing('hc + cos(phi)'), /'hc' follows '\+'/],
  [
    'an operator of another ladder',
    observing('(a + ad)*cos(phi)'),
    /'a' is of a ladder of kind oscillator, and this machine's is rotor$/,
  ],
  [
    'brackets without end',
    observing(`'${BOMB}'`),
    /must be an expression of at most 4000 characters$/,
  ],
  [
    'a long sum',
    observing(`${'1+'.repeat(1900)}cos(phi)`),
    /must be an expression with fewer operations$/,
  ],
  [
    'signs without end',
    observing(`${'-'.repeat(500)}cos(phi)`),
    /brackets, signs or powers within one another: at most 60$/,
  ],
  [
    'a product bomb',
    observing('((1+L+L^2+cos(phi))^16)*((1+L+sin(phi)+sx(q))^16)*((sx(q)+cos(phi)+L)^16)'),
    /a product of operators may have at most 20000 terms$/,
  ],
  [
    'a number bomb',
    observing('(1 + g + k + beta + I*g + L)^32*cos(phi)'),
    /a product of functions may have at most 2000 terms$/,
  ],
  [
    'an initial state of nothing',
    { more: 'initial: {p: 1}' },
    /initial\.p: 'p' is neither a subsystem nor the ladder; did you mean 'q'/,
  ],
  [
    'an initial level that is none',
    { more: 'initial: {atom: h}' },
    /initial\.atom: 'h' is no level of 'atom', which has g, e, f$/,
  ],
  [
    'too few initial weights',
    { more: 'initial: {atom: [0.5, 0.5]}' },
    /initial\.atom: 2 weights of 3 levels$/,
  ],
  [
    'an initial level outside of the window',
    { more: 'initial: {ladder: 9}' },
    /initial\.ladder: must be a whole number from -5 to 5$/,
  ],
  // Of physics.
  [
    'an energy that is not Hermitian',
    energy('g*sm(q)'),
    /hamiltonian\.more: it is not Hermitian; '\+ hc'/,
  ],
  ['an imaginary energy', energy('i*g'), /hamiltonian\.more: it is not Hermitian/],
  [
    'an energy with a unit of its inverse',
    energy('I*cos(phi)'),
    /hamiltonian\.more: its unit is 1\/energy, and energy is wanted/,
  ],
  [
    'a sum of unlike units',
    energy('(g + I)*cos(phi)'),
    /hamiltonian\.more: 1\/energy and energy cannot be added/,
  ],
  [
    'an exponential of a unit',
    energy('g*exp(g)*cos(phi)'),
    /a function of a pure number, not of energy/,
  ],
  [
    'a jump without its root',
    bath('{temperature: 1, jumps: [k*sm(q)]}'),
    /baths\.third\.jumps\.0: its unit is energy, and sqrt\(energy\) is wanted/,
  ],
  [
    'a bath without a temperature',
    bath('{jumps: [sqrt(k)*sm(q)]}'),
    /baths\.third: its temperature, or beta, is missing/,
  ],
  [
    'a bath of two temperatures',
    bath('{temperature: 1, beta: 1, jumps: [sqrt(k)*sm(q)]}'),
    /temperature or beta, not both/,
  ],
  [
    'a bath without jumps',
    bath('{temperature: 1, jumps: []}'),
    /baths\.third\.jumps = \[\]: must be a list of at least one formula/,
  ],
  [
    'a bath named as the Hamiltonian',
    { baths: `${PARTS.baths}\n  hamiltonian: {temperature: 1, jumps: [sqrt(k)*sm(q)]}` },
    /no bath is named 'hamiltonian'/,
  ],
  [
    'a temperature that is an operator',
    bath('{temperature: sz(q), jumps: [sqrt(k)*sm(q)]}'),
    /baths\.third\.temperature: must be a real number/,
  ],
  [
    'a temperature with a unit of its inverse',
    bath('{temperature: beta, jumps: [sqrt(k)*sm(q)]}'),
    /its unit is 1\/energy, and energy is wanted/,
  ],
  [
    'a bath with neither jumps nor a coupling',
    bath('{temperature: 1}'),
    /baths\.third: jumps, or coupling and spectrum, are missing$/,
  ],
  [
    'a coupling without a spectrum',
    bath('{temperature: 1, coupling: sx(q)}'),
    /baths\.third: spectrum is missing$/,
  ],
  [
    'a spectrum without a coupling',
    bath('{temperature: 1, jumps: [sqrt(k)*sm(q)], spectrum: 0.1*omega}'),
    /baths\.third\.spectrum: only with coupling$/,
  ],
  [
    'jumps and a coupling',
    bath('{temperature: 1, jumps: [sqrt(k)*sm(q)], coupling: sx(q), spectrum: 0.1*omega}'),
    /baths\.third: jumps or coupling, not both$/,
  ],
  [
    'a coupling at no temperature',
    bath('{temperature: none, coupling: sx(q), spectrum: 0.1*omega}'),
    /baths\.third: 'temperature: none' is for jumps: a coupling needs one$/,
  ],
  [
    'a coupling that is not Hermitian',
    {
      ...energy('g*P(q, 1)'),
      ...bath('{temperature: 1, coupling: sm(q), spectrum: 0.1*omega}'),
    },
    /baths\.third\.coupling: it is not Hermitian/,
  ],
  [
    'a coupling that changes no energy',
    bath('{temperature: 1, coupling: sx(q), spectrum: 0.1*omega}'),
    /baths\.third\.coupling: a part of it changes no energy of the diagonal/,
  ],
  [
    'a coupling to a ladder whose steps differ',
    bath('{temperature: 1, coupling: cos(phi), spectrum: 0.1*omega}'),
    /baths\.third\.coupling: what it changes the energy by differs from level to level/,
  ],
  [
    'a spectrum of the wrong unit',
    {
      ...energy('g*P(q, 1)'),
      ...bath('{temperature: 1, coupling: sx(q), spectrum: k*omega}'),
    },
    /baths\.third\.spectrum: its unit is energy\^2, and energy is wanted/,
  ],
  [
    'a frequency outside of a spectrum',
    observing('omega*sz(q)'),
    /observables\.turn: 'omega' is not known/,
  ],
  [
    'a parameter with the name of the frequency',
    {
      ...parameters('omega: 1'),
      ...energy('omega*P(q, 1)'),
      ...bath('{temperature: 1, coupling: sx(q), spectrum: 0.1*omega}'),
    },
    /parameters\.omega: 'omega' is the frequency in a spectrum$/,
  ],
  [
    'a master equation that is none',
    { more: 'model: exact' },
    /^m\.yaml:\d+:8: model = 'exact': must be local or global$/,
  ],
  [
    'a master equation without a coupling',
    { more: 'model: global' },
    /^m\.yaml:\d+:8: model: it makes jumps of couplings, and no bath has one$/,
  ],
  [
    'neither heat nor work',
    bath('{temperature: 1, jumps: [sqrt(k)*sm(q)], counts: money}'),
    /baths\.third\.counts = 'money': must be heat or work$/,
  ],
  [
    'a ladder that nothing is on',
    {
      hamiltonian: 'hamiltonian:\n  c: g*(sm(q)*T(atom, e, g) + hc)\n  d: sz(q)/I',
      observables: '',
    },
    /ladder: no formula has any of its operators 'L', 'phi'/,
  ],
];

test('the machine that they are made from is right', () => {
  expect(described({}).subsystems.states).toBe(6);
});

test.each(WRONG)('%s', (_, changes, line) => {
  let error: unknown;
  try {
    described(changes);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(MachineError);
  const { message } = error as MachineError;
  expect(message).not.toMatch(/\n/);
  expect(message).toMatch(/^m\.yaml/);
  expect(message).toMatch(line);
});

test('there are more than fifty kinds', () => {
  expect(WRONG.length).toBeGreaterThanOrEqual(50);
});
