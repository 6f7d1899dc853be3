/** Input that somebody, or something, has damaged: read as it then stands, or refused in one line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { endingOf } from '../../src/cli/ending.js';
import { initialInput } from '../../src/cli/initial.js';
import { readThreads } from '../../src/cli/limits.js';
import { type RunOptions, readOptions } from '../../src/cli/options.js';
import { readBox } from '../../src/cli/rectify.js';
import { readShard } from '../../src/cli/storeSweep.js';
import { parseYaml, readYaml } from '../../src/cli/yaml.js';
import { initialSchema, initialState } from '../../src/model/initial.js';
import { deviceParameters, readFields, truncation } from '../../src/model/parameters.js';
import { readTimes } from '../../src/simulate/times.js';
import { type Plan, planRecord, readPlan, writePoint } from '../../src/sweep/plan.js';
import { cpuSeconds } from '../support/cpuTime.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));
// That a file holds nothing is said there.
beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return () => vi.restoreAllMocks();
});

/** What reading gives; null where it was refused as bad input, in one line that says what is allowed. */
function readOrRefused<T>(read: () => T): T | null {
  const begin = cpuSeconds();
  try {
    return read();
  } catch (error) {
    const { status, line } = endingOf(error);
    expect(line, (error as Error).stack).not.toContain('a fault of this program');
    expect(status).toBe(2);
    expect(line).toMatch(/^error: .*(must be|did you mean)/);
    expect(line).not.toMatch(/\p{Cc}/u);
    expect((line as string).length).toBeLessThan(1100);
    return null;
  } finally {
    expect(cpuSeconds() - begin).toBeLessThan(10);
  }
}

const TOKENS = [
  ...['&a ', '*a', '<<: *a', '!!binary ', '!!set ', '!!js/function ', '- ', ': ', '? ', '| ', '> '],
  ...['{', '}', '[', ']', '"', "'", '#', '---\n', '...\n', '%YAML 1.1\n', '\n', '  ', '\t', '\0'],
  ...['null', 'true', '.nan', '.inf', '-.inf', '1e999', '-0', '0x1F', '0o7', '1_000', '2026-01-01'],
  ...['__proto__: ', 'constructor: ', 'toString: ', '\u001b[2J', '\u202e', '\ud800', '💥', '∞'],
];

/** A text with a few characters changed, lost, doubled, exchanged, or tokens of YAML put in. */
const mutated = (texts: readonly string[]) =>
  fc
    .record({
      text: fc.constantFrom(...texts),
      changes: fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          length: fc.nat(12),
          by: fc.oneof(
            fc.constantFrom(...TOKENS),
            fc.constant('cut' as const),
            fc.constant('twice' as const),
            fc.string({ unit: 'binary', maxLength: 4 }),
          ),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    })
    .map(({ text, changes }) =>
      changes.reduce((now, { at, length, by }) => {
        const from = Math.floor(at * now.length);
        const part = now.slice(from, from + length);
        const put = by === 'cut' ? '' : by === 'twice' ? part + part : by;
        return (
          now.slice(0, from) +
          put +
          now.slice(by === 'cut' || by === 'twice' ? from + length : from + (length % 2))
        );
      }, text),
    );

const file = join(folder, 'mutated.yaml');
const withFile = <T>(text: string, read: (path: string) => T): T => {
  writeFileSync(file, text);
  return read(file);
};

/** Options that were read are complete and allowed: read again, they are the same. */
function expectSound({ parameters, truncation: window }: RunOptions): void {
  expect(deviceParameters(parameters)).toEqual(parameters);
  expect(truncation(window)).toEqual(window);
  for (const value of Object.values(parameters)) {
    if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  }
}

describe('YAML', () => {
  const devices = [
    'model: local\nbeta1: 0.1\nbeta2: 0.03\nlambda: 0.1 # coupling\nV: 0\nlmin: -20\nlmax: 40\n',
    '{model: global, cutoff: max-qubit, chi: 0.5, gamma: 5.0e-5, edgeTolerance: 1e-9}\n',
    'base: &base {B1: 4, B2: 10}\n<<: *base\nbackend: cpu\nspace: band\ndmax: 12\nprecision: f64\n',
  ];

  test('of a device', () => {
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(mutated(devices), (text) => {
        const options = withFile(text, (path) =>
          readOrRefused(() => readOptions({ config: path })),
        );
        if (options === null) refused++;
        else {
          read++;
          expectSound(options);
        }
      }),
      { numRuns: 1000 },
    );
    // Neither is the rule alone.
    expect(Math.min(read, refused)).toBeGreaterThan(20);
  });

  const plans = [
    `model: local
parameters: {B1: 4, B2: 10}
axes:
  beta2/beta1: {linspace: {from: 0.05, to: 0.9, count: 20}}
  lambda: {logspace: {from: 1e-3, to: 1, count: 10}}
  chi: [-0.5, 0, 0.5]
zip: []
observables: [heat, work, rotor.Lz, operation]
truncation: auto
edgeTolerance: 1e-12
tolerance: 1e-10
`,
    'axes: {g: [1, 2], B1: {list: [3, 4]}}\nzip: [[g, B1]]\ntruncation: {lmin: -8, lmax: 9}\nbatch: 7\n',
  ];

  /** Every point of a plan is a device; and what the store keeps of it, read again, is the same plan. */
  function expectPlan(plan: Plan): void {
    const point = new Float64Array(32);
    for (const at of [0, plan.count - 1]) {
      writePoint(plan, at, point, 0);
      expect(point.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toBe(false);
    }
    const { dimensions: _, ...record } = planRecord(plan);
    const zip = plan.dimensions
      .filter(({ axes }) => axes.length > 1)
      .map(({ axes }) => axes.map(({ name }) => name));
    const again = readPlan({ ...JSON.parse(JSON.stringify(record)), zip });
    expect(planRecord(again)).toEqual(planRecord(plan));
  }

  test('of a plan', () => {
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(mutated(plans), (text) => {
        const plan = withFile(text, (path) =>
          readOrRefused(() => readPlan(readYaml(path, 'plan', () => {}))),
        );
        if (plan === null) refused++;
        else {
          read++;
          expectPlan(plan);
        }
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(read, refused)).toBeGreaterThan(20);
  });

  test('of bytes that are no text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        writeFileSync(file, bytes);
        readOrRefused(() => readOptions({ config: file }));
      }),
      { numRuns: 300 },
    );
  });

  test('has no way to what an object inherits', () => {
    for (const key of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
      for (const text of [
        `${key}: {lambda: 7}\n`,
        `"${key}": 1\n`,
        `<<: {${key}: {lambda: 7}}\n`,
      ]) {
        const read = withFile(text, (path) => readOrRefused(() => readOptions({ config: path })));
        expect(read, text).toBeNull();
      }
    }
    expect(({} as { lambda?: number }).lambda).toBeUndefined();
  });
});

describe('values on the command line', () => {
  const values = fc.oneof(
    fc.double().map(String),
    fc.integer().map(String),
    fc.constantFrom(
      ...[
        '',
        ' ',
        '-',
        '0x10',
        '1e400',
        '-1e-400',
        'Infinity',
        'NaN',
        '1,5',
        '1_000',
        '١',
        '½',
        'auto',
      ],
      ...[
        'local',
        'global',
        'max-bohr',
        'sector',
        'full',
        'webgpu',
        'true',
        'null',
        '{}',
        '[]',
        '[[1]]',
      ],
      ...['__proto__', 'undefined', '\u001b[31m', '💥', '{a: *b}', '&a [*a]', '9007199254740993'],
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
    mutated(['0.1', '-20', '1e-3', 'max-qubit']),
  );
  const names = [
    ...['model', 'beta1', 'beta2', 'betaR', 'B1', 'B2', 'g', 'chi', 'lambda', 'gamma', 'I', 'V'],
    ...[
      'cutoff',
      'lmin',
      'lmax',
      'edgeTolerance',
      'backend',
      'space',
      'dmax',
      'method',
      'precision',
    ],
  ];

  test('of a device', () => {
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), values, { minKeys: 1, maxKeys: 2 }),
        (flags) => {
          const options = readOrRefused(() => readOptions({ ...flags }));
          if (options === null) refused++;
          else {
            read++;
            expectSound(options);
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(Math.min(read, refused)).toBeGreaterThan(100);
  });

  test('of an initial state', () => {
    const parameters = deviceParameters();
    const qubit = mutated(['thermal', 'up', '[[0.5, 0.25-0.1i], [0.25+0.1i, 0.5]]']);
    const rotor = mutated([
      ...['3', '{thermal: 0.09}', '{superposition: {0: 1, 1: 0.5i, -2: 0.1}}'],
      '{angle: 1, concentration: 4, momentum: 2}',
    ]);
    const own = fc.record(
      { qubit1: fc.oneof(qubit, values), qubit2: qubit, rotor: fc.oneof(rotor, values) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(own, (given) => {
        const state = readOrRefused(() => {
          const input = initialInput(given);
          readFields(initialSchema, input);
          return initialState(parameters, input);
        });
        if (state === null) return;
        const trace = state.qubits.reduce((sum, row, i) => sum + row[i].re, 0);
        expect(Math.abs(trace - 1)).toBeLessThan(1e-9);
        const { rotor: r } = state;
        const weight =
          'populations' in r
            ? r.populations.reduce((a, b) => a + b)
            : r.amplitudes.reduce((a, { re, im }) => a + re * re + im * im, 0);
        expect(Math.abs(weight - 1)).toBeLessThan(1e-9);
      }),
      { numRuns: 1000 },
    );
  });

  test('of everything else', () => {
    const parameters = deviceParameters();
    const readers: ((text: string) => unknown)[] = [
      readTimes,
      readShard,
      (text) => readThreads('workers', text),
      (text) => readBox(text, parameters),
    ];
    const text = fc.oneof(
      values,
      mutated(['1,10,100', 'log:0.1:20:50', '2/8', '4', 'chi,B1=1:20', 'gamma=0:1']),
    );
    fc.assert(
      fc.property(fc.constantFrom(...readers), text, (read, given) => {
        readOrRefused(() => read(given));
      }),
      { numRuns: 2000 },
    );
  });
});

test('text that is YAML by itself is read as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3, noUnicodeString: false }), (value) => {
      expect(parseYaml(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 300 },
  );
});
