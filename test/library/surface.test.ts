/** What programs may rely on: these names and types do not change within a major version. */
import { expect, test } from 'vitest';
import * as library from '../../src/index.js';

test('the names', () => {
  expect(Object.keys(library).sort()).toEqual([
    'DeviceLostError',
    'DeviceValidationError',
    'MachineError',
    'MissingPackageError',
    'NoAdapterError',
    'NoSteadyStateError',
    'NonUniqueSteadyStateError',
    'OutOfDeviceMemoryError',
    'OutOfRangeError',
    'PackageLoadError',
    'ParameterError',
    'PrecisionError',
    'QuantumMachine',
    'StoreError',
    'UnknownKeyError',
    'WideSectorError',
    'adapters',
    'collide',
    'correlate',
    'deviceParameters',
    'evolve',
    'fluctuations',
    'machine',
    'machineFromYaml',
    'machineSteadyState',
    'modes',
    'observables',
    'openBackend',
    'optimise',
    'parameters',
    'rectify',
    'sensitivity',
    'steadyState',
    'sweep',
    'trajectories',
    'version',
  ]);
});

type Name =
  | 'beta1'
  | 'beta2'
  | 'betaR'
  | 'B1'
  | 'B2'
  | 'g'
  | 'chi'
  | 'lambda'
  | 'gamma'
  | 'I'
  | 'V';

type Device = { readonly [K in Name]?: number } & {
  readonly model?: 'local' | 'global';
  readonly cutoff?: 'max-bohr' | 'max-qubit' | number;
};

interface Window {
  readonly lmin?: number;
  readonly lmax?: number;
  readonly edgeTolerance?: number;
}

interface Run<Progress> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

interface Computed {
  readonly backend?: 'cpu' | 'webgpu' | 'gpujs' | library.OpenBackend;
  readonly threads?: number;
}

type Qubit = 'thermal' | 'up' | 'down' | (number | string)[][];

interface Initial {
  readonly qubit1?: Qubit;
  readonly qubit2?: Qubit;
  readonly qubits?: (number | string)[][];
  readonly rotor?:
    | number
    | { thermal: number }
    | { superposition: Record<string, number | string> }
    | { angle: number; concentration: number; momentum?: number };
}

interface Solving {
  readonly space?: 'auto' | 'sector' | 'band' | 'full';
  readonly dmax?: number | 'auto';
  readonly precision?: 'f64' | 'f32';
}

interface From {
  readonly parameters: { readonly [K in Name]: number } & { readonly model: 'local' | 'global' };
  readonly cutoff: number | null;
  readonly backend: {
    readonly name: string;
    readonly adapter: string | null;
    readonly precision: 'f32' | 'f64';
  };
  readonly version: string;
  readonly seconds: number;
  readonly converged: boolean;
}

interface Numbers {
  readonly heat: { readonly Q1: number; readonly Q2: number; readonly Qr: number };
  readonly work: {
    readonly WQ: number;
    readonly Wr: number;
    readonly V: number;
    readonly interaction: number;
  };
  readonly firstLaw: number;
  readonly power: {
    readonly kinetic: number;
    readonly intrinsic: number;
    readonly backAction: number;
    readonly net: number;
  };
  readonly ergotropy: { readonly total: number; readonly qubits: number; readonly rotor: number };
  readonly qubits: { readonly populations: readonly number[] };
}

interface Rotor<Squared> {
  readonly rotor: {
    readonly Lz: number;
    readonly Lz2: Squared;
    readonly cos: number;
    readonly sin: number;
    readonly populations: readonly number[];
  };
}

interface Steady extends From, Numbers, Rotor<number | null> {
  readonly problems: readonly string[];
  readonly operation: 'engine' | 'refrigerator' | 'accelerator' | 'other';
  readonly efficiency: number | null;
  readonly cop: number | null;
  readonly truncation: { readonly lmin: number; readonly lmax: number };
}

interface Mean {
  readonly mean: number;
  readonly error: number | null;
}

interface Fluctuating {
  readonly baths: readonly {
    readonly name: string;
    readonly quanta: {
      readonly mean: { readonly value: number; readonly error: number };
      readonly noise: { readonly value: number; readonly error: number };
      readonly fano: number | null;
      readonly uncertainty: number | null;
      readonly kineticUncertainty: number | null;
      readonly cumulants: readonly number[];
    } | null;
    readonly entropyProduction: { readonly value: number | null };
  }[];
  readonly entropyProduction: { readonly value: number; readonly error: number } | null;
}

interface Correlating {
  readonly means: Readonly<Record<'a' | 'b', { readonly re: number; readonly im: number }>>;
  readonly times: readonly {
    readonly tau: number;
    readonly correlation: { readonly re: number; readonly im: number; readonly error: number };
    readonly covariance: { readonly re: number; readonly im: number };
  }[];
  readonly frequencies: readonly {
    readonly omega: number;
    readonly spectrum: { readonly re: number; readonly im: number; readonly error: number };
  }[];
  readonly problems: readonly string[];
}

interface Relaxing {
  readonly gap: { readonly rate: number; readonly error: number } | null;
  readonly sectors: readonly {
    readonly charge: readonly number[];
    readonly modes: readonly {
      readonly rate: number;
      readonly frequency: number;
      readonly error: number;
      readonly condition: number;
      readonly overlaps: Readonly<Record<string, number>>;
    }[];
  }[];
}

interface Ratio {
  readonly R: number;
  readonly J: number;
}

interface Variable {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly values: Float64Array | Int32Array | Int8Array;
  readonly meanings: readonly string[] | null;
}

interface Contract {
  readonly steadyState: (
    device?: Device,
    options?: Solving &
      Computed &
      Run<{ readonly iterations: number; readonly residual: number }> & {
        readonly truncation?: Window;
        readonly method?: 'auto' | 'direct' | 'gmres' | 'bicgstab' | 'power' | 'propagation';
      },
  ) => Promise<Steady>;
  readonly evolve: (
    device: Device,
    options: Initial &
      Solving &
      Computed &
      Run<{ readonly t: number }> & {
        readonly times: readonly number[] | string;
        readonly truncation?: Window;
        readonly angles?: number;
        readonly rtol?: number;
        readonly atol?: number;
      },
  ) => Promise<
    From & { readonly snapshots: readonly (Numbers & Rotor<number> & { readonly t: number })[] }
  >;
  readonly collide: (
    device?: Device,
    options?: Initial &
      Run<{ readonly collisions: number }> & {
        readonly tau?: number;
        readonly nmax?: number | 'auto';
        readonly collisions?: number;
        readonly every?: number;
        readonly steady?: boolean;
        readonly truncation?: Window;
      },
  ) => Promise<
    From & {
      readonly collisions: readonly {
        readonly step: number;
        readonly t: number;
        readonly Q1: number;
        readonly Q2: number;
        readonly WQ: number;
        readonly Lz: number;
        readonly entropyProduction: number;
      }[];
      readonly steady: { readonly Q1: number; readonly Lz: number } | null;
    }
  >;
  readonly trajectories: (
    device: Device,
    options: Initial &
      Computed &
      Run<{ readonly done: number }> & {
        readonly times: readonly number[] | string;
        readonly count?: number;
        readonly seed?: number;
        readonly truncation?: Window;
      },
  ) => Promise<
    From & {
      readonly seed: number;
      readonly count: number;
      readonly snapshots: readonly {
        readonly t: number;
        readonly heat: { readonly Q1: Mean; readonly Q2: Mean; readonly Qr: Mean };
        readonly rotor: { readonly Lz: Mean; readonly Lz2: Mean };
      }[];
    }
  >;
  readonly rectify: (
    device?: Device,
    options?: Run<{ readonly evaluations: number }> & {
      readonly over?: readonly ('chi' | 'B1')[] | { readonly chi?: { from: number; to: number } };
      readonly alpha?: readonly number[];
      readonly definition?: 'signed' | 'magnitude';
      readonly truncation?: Window;
    },
  ) => Promise<
    From & {
      readonly heat: Ratio;
      readonly angular: Ratio;
      readonly forward: { readonly Q1: number; readonly Q2: number; readonly Lz: number };
      readonly swapped: { readonly Q1: number; readonly Q2: number; readonly Lz: number };
      readonly search: {
        readonly evaluations: number;
        readonly best: readonly (Record<'heat' | 'angular', Ratio> & {
          readonly alpha: number;
          readonly Gamma: number;
          readonly parameters: Readonly<Record<string, number>>;
        })[];
      } | null;
    }
  >;
  readonly sweep: (
    plan: {
      readonly model?: 'local' | 'global';
      readonly parameters?: Device;
      readonly axes: Readonly<
        Record<
          string,
          | readonly number[]
          | Readonly<Record<'linspace', { from: number; to: number; count: number }>>
          | Readonly<Record<'logspace', { from: number; to: number; count: number }>>
        >
      >;
      readonly zip?: readonly (readonly string[])[];
      readonly observables?: readonly string[];
      readonly truncation?: 'auto' | Window;
    },
    options?: Computed &
      Run<{ readonly done: number; readonly count: number; readonly failed: number }> & {
        readonly folder?: string;
      },
  ) => Promise<{
    readonly dimensions: readonly { readonly name: string; readonly length: number }[];
    readonly coordinates: Readonly<Record<string, Variable>>;
    readonly variables: Readonly<Record<string, Variable>>;
    readonly count: number;
    readonly converged: boolean;
    readonly messages: readonly string[];
    readonly version: string;
  }>;
  readonly fluctuations: (
    device?: Device,
    options?: {
      readonly truncation?: Window;
      readonly order?: number;
      readonly frequency?: readonly number[] | string;
      readonly counting?: readonly number[] | string;
      readonly waiting?: string;
      readonly tau?: readonly number[] | string;
    },
  ) => Promise<Fluctuating>;
  readonly correlate: (
    device: Device,
    a: string,
    options?: {
      readonly b?: string;
      readonly tau?: readonly number[] | string;
      readonly frequency?: readonly number[] | string;
      readonly from?: number;
      readonly initial?: Initial;
      readonly truncation?: Window;
    },
  ) => Promise<Correlating>;
  readonly modes: (
    device?: Device,
    options?: Run<{ readonly done: number; readonly count: number }> & {
      readonly truncation?: Window;
      readonly count?: number;
      readonly charges?: readonly (readonly number[])[];
      readonly frequency?: number;
    },
  ) => Promise<Relaxing>;
  readonly openBackend: (
    name: 'cpu' | 'webgpu' | 'gpujs',
    options?: { readonly threads?: number },
  ) => Promise<{ readonly name: string; readonly adapter: string | null; close(): void }>;
  readonly adapters: () => Promise<
    readonly { readonly name: string; readonly features: readonly string[] }[]
  >;
  readonly deviceParameters: (device?: Device) => From['parameters'];
  readonly parameters: Readonly<
    Record<
      Name,
      {
        readonly unit: string;
        readonly description: string;
        readonly symbol: string;
        readonly default: number;
        readonly allowed: string;
      }
    >
  >;
  readonly observables: Readonly<
    Record<'heat.Q1' | 'rotor.Lz' | 'operation', { unit: string; description: string }>
  >;
  readonly version: string;
}

interface OfMachine<P extends string> extends Computed {
  readonly parameters?: { readonly [K in P]?: number };
  readonly truncation?: Window;
  readonly model?: 'local' | 'global';
}

type ByName<T> = Readonly<Record<string, T>>;

interface FromMachine extends Pick<From, 'backend' | 'version' | 'seconds' | 'converged'> {
  readonly parameters: ByName<number>;
}

interface MachineNumbers {
  readonly populations: ByName<readonly number[]>;
  readonly ladder: {
    readonly symbol: string;
    readonly mean: number;
    readonly meanSquare: number;
    readonly variance: number;
    readonly populations: readonly number[];
  } | null;
  readonly energies: ByName<number>;
  readonly heat: ByName<number>;
  readonly work: ByName<number>;
  readonly observables: ByName<number | { readonly re: number; readonly im: number }>;
  readonly edgeLow: number | null;
  readonly edgeHigh: number | null;
}

interface MachineDirection {
  readonly heat: ByName<number>;
  readonly work: ByName<number>;
  readonly ladderMean: number | null;
}

/** The same of machines of one's own. */
interface ContractOfMachines {
  readonly evolve: (
    machine: library.QuantumMachine<'k'>,
    options: OfMachine<'k'> &
      Run<{ readonly t: number }> & {
        readonly times: readonly number[] | string;
        readonly rtol?: number;
        readonly atol?: number;
        readonly precision?: 'f64' | 'f32';
      },
  ) => Promise<
    FromMachine & { readonly snapshots: readonly (MachineNumbers & { readonly t: number })[] }
  >;
  readonly collide: (
    machine: library.QuantumMachine<'k'>,
    options?: OfMachine<'k'> &
      Run<{ readonly collisions: number }> & {
        readonly collisions?: number;
        readonly every?: number;
      },
  ) => Promise<
    FromMachine & {
      readonly tau: number;
      readonly collisions: readonly (MachineNumbers & {
        readonly step: number;
        readonly t: number;
        readonly units: ByName<number>;
        readonly switching: number;
        readonly firstLaw: number;
      })[];
    }
  >;
  readonly trajectories: (
    machine: library.QuantumMachine<'k'>,
    options: OfMachine<'k'> &
      Run<{ readonly done: number }> & {
        readonly times: readonly number[] | string;
        readonly count?: number;
        readonly seed?: number;
      },
  ) => Promise<
    FromMachine & {
      readonly seed: number;
      readonly count: number;
      readonly snapshots: readonly {
        readonly t: number;
        readonly populations: ByName<readonly Mean[]>;
        readonly heat: ByName<Mean>;
        readonly exchanged: ByName<Mean | null>;
        readonly jumps: ByName<Mean>;
      }[];
    }
  >;
  readonly rectify: (
    machine: library.QuantumMachine<'k'>,
    options?: OfMachine<'k'> & {
      readonly baths?: readonly [string, string];
      readonly swap?: readonly ['k', 'k'];
    },
  ) => Promise<
    FromMachine & {
      readonly hot: readonly [string, string];
      readonly heat: Ratio;
      readonly angular: { readonly signed: Ratio; readonly magnitude: Ratio } | null;
      readonly forward: MachineDirection;
      readonly swapped: MachineDirection;
    }
  >;
}

/** The compiler checks these: what is promised above is what there is. */
const contract: Contract & ContractOfMachines = library;

test('the types', () => {
  expect(contract.version).toBe(library.version);
});

test('errors are told by their class, and by their name where classes do not come across', () => {
  const { ParameterError, UnknownKeyError, NoAdapterError, StoreError } = library;
  for (const [made, kind] of [
    [new ParameterError('chi', 2, 'less'), ParameterError],
    [new UnknownKeyError('ch', 'chi'), UnknownKeyError],
    [new NoAdapterError(), NoAdapterError],
    [new StoreError('full'), StoreError],
  ] as const) {
    expect(made).toBeInstanceOf(kind);
    expect(made.name).toBe(kind.name);
  }
  expect(new library.NonUniqueSteadyStateError('two')).toBeInstanceOf(library.NoSteadyStateError);
  expect(new library.OutOfRangeError('small')).toBeInstanceOf(library.NoSteadyStateError);
});
