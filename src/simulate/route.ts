/**
 * The one chooser: the space, method, backend and precision of a run, and the reason. The command line, sweeps, the
 * library and the page ask here, and are refused here what a backend does not have.
 */
import type { Precision } from '../backend/backend.js';
import {
  BATCH_NAMES,
  type BackendChoice,
  type BackendName,
  backends,
  hasBatches,
} from '../backend/registry.js';
import { hasSector, type Symmetry, symmetryOf } from '../generator/symmetry.js';
import { device, requireLevels } from '../model/device.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { rotorWindow } from '../operators/window.js';
import { type ChosenBackend, chosenBackend, hostUnlessNamed } from './chosenBackend.js';
import type { Method, SpaceName } from './methods.js';
import { preparedOf } from './millSector.js';
import { firstWindow } from './windowSearch.js';

/** What is asked for; `auto` leaves it to the chooser. */
export interface Asked {
  readonly backend: BackendChoice;
  readonly space: 'auto' | SpaceName;
  /** The band's largest |δ|. */
  readonly dmax: 'auto' | number;
  readonly method: 'auto' | Method;
  /** Of the answer. */
  readonly precision: Precision;
}

/** What of a density matrix is solved for, and how: `auto` still, where the solver finds out. */
export interface SolverChoice {
  readonly space: 'auto' | SpaceName;
  /** The band's largest |δ|; absent where it is to be found. */
  readonly dmax?: number | undefined;
  readonly method: 'auto' | Method;
}

export const solverChoice = ({ space, dmax, method }: Omit<Asked, 'backend'>): SolverChoice => ({
  space,
  dmax: dmax === 'auto' ? undefined : dmax,
  method,
});

export interface Route {
  readonly space: SpaceName | 'state vectors';
  readonly method: Method | 'elimination' | 'rational' | 'chebyshev' | 'trajectories';
  readonly backend: BackendName;
  /** Of the answer. */
  readonly precision: Precision;
  /** Why this space and method. */
  readonly reason: string;
  /** Why this backend. */
  readonly backendReason: string;
}

/**
 * A precision that a backend has.
 * @param asked of the answer
 * @param own of the backend's own arithmetic on the way to it
 * @throws {ParameterError}
 */
export function requirePrecision(name: BackendName, asked: Precision, own: Precision): void {
  const { arithmetic } = backends[name];
  if (arithmetic === 'f32' && own !== 'f32') {
    throw new ParameterError('precision', asked, `'f32' with backend = ${name} here`);
  }
  if (arithmetic === 'f64' && asked !== 'f64') {
    const allowed = `'f64' with backend = ${name}, which has no other`;
    throw new ParameterError('precision', asked, allowed);
  }
}

/**
 * The space that a choice means.
 * @param sector whether populations are coupled to no class far from the diagonal
 * @param instead what stands in the way of that, in words
 * @throws {ParameterError} where it cannot be had
 */
function chosenSpaceName(
  { space, dmax }: Pick<SolverChoice, 'space' | 'dmax'>,
  sector: boolean,
  instead: string,
): SpaceName {
  if (!sector && space === 'sector') {
    throw new ParameterError('space', space, `auto, band or full with ${instead}`);
  }
  const chosen = space === 'auto' ? (sector && dmax === undefined ? 'sector' : 'band') : space;
  if (dmax !== undefined && chosen !== 'band') {
    throw new ParameterError('dmax', dmax, `absent with space = ${space}: only a band has it`);
  }
  return chosen;
}

/** What a device conserves does not depend on its window: a few levels tell. */
const FEW_LEVELS = rotorWindow(-2, 2);

/** What is prepared has a sector: it was prepared for that. */
const hasSectorOf = (parameters: DeviceParameters): boolean =>
  preparedOf(parameters) !== null || hasSector(symmetryOf(device(parameters, FEW_LEVELS).system));

const POTENTIAL = 'V ≠ 0 or V2 ≠ 0, which break its symmetry';
const BROKEN =
  'V ≠ 0 or V2 ≠ 0 breaks the symmetry of the zero-charge sector; elements far from the diagonal vanish';
const BETWEEN_EIGENSTATES =
  'V ≠ 0 or V2 ≠ 0 leaves no closed form of the eigenstates of H: jumps are between those of a dense eigenbasis, block by ' +
  'block of H, and couple every class of a small window';
const UNBROKEN =
  'without potential the steady state has no elements outside the zero-charge sector';

/** Whether jumps in a potential are between eigenstates that are known as numbers alone. */
const isBetweenEigenstates = (parameters: DeviceParameters): boolean =>
  masterEquationOf(parameters).inPotential !== null;

/** Why a device without a sector is solved as it is. */
const reasonInPotential = (parameters: DeviceParameters): string =>
  isBetweenEigenstates(parameters) ? BETWEEN_EIGENSTATES : BROKEN;

/** The space that a choice means for a device. @throws {ParameterError} where it cannot be had */
export const spaceOfChoice = (parameters: DeviceParameters, choice: SolverChoice): SpaceName =>
  chosenSpaceName(choice, hasSectorOf(parameters), POTENTIAL);

/** How a steady state of the paper's machine is found. */
export interface SteadyRoute extends Route {
  readonly space: SpaceName;
  readonly method: Method;
  /** By elimination on the host; by the GPU's kernel for that; by iterations of `method` on any backend. */
  readonly by: 'elimination' | 'kernel' | 'iterations';
}

/**
 * @param isResumed whether it goes on from a state, which iterations alone do
 * @throws {ParameterError} for what the device or the backend does not have
 */
export function steadyRoute(
  parameters: DeviceParameters,
  truncation: Pick<Truncation, 'lmin' | 'lmax'>,
  asked: Asked,
  isResumed = false,
): SteadyRoute {
  requireLevels(parameters, truncation);
  const { precision } = asked;
  const choice = solverChoice(asked);
  const sector = hasSectorOf(parameters);
  const space = chosenSpaceName(choice, sector, POTENTIAL);
  const isDirect =
    space === 'sector' && !isResumed && (asked.method === 'auto' || asked.method === 'direct');
  const inSpace = isBetweenEigenstates(parameters) && !sector ? 'eigenstates' : space;
  const work = inSpace === 'sector' ? 'elimination' : inSpace;
  const { name, reason: backendReason } = chosenBackend(
    asked.backend,
    work,
    firstWindow(truncation).size,
  );
  const { isHost, hasKernels } = backends[name];
  if (hasKernels && asked.method === 'direct') {
    const allowed = `another with backend = ${name}: the one factorisation would run on the CPU`;
    throw new ParameterError('method', 'direct', allowed);
  }
  requirePrecision(name, precision, 'f32');
  const direct = isHost ? 'elimination' : hasKernels ? 'kernel' : 'iterations';
  const by = isDirect ? direct : 'iterations';
  const auto = by === 'iterations' ? 'gmres' : 'direct';
  return {
    space,
    method: asked.method === 'auto' ? auto : asked.method,
    by,
    backend: name,
    precision,
    reason:
      asked.space !== 'auto' ? 'as asked for' : sector ? UNBROKEN : reasonInPotential(parameters),
    backendReason,
  };
}

/** Where nothing is asked of a solution. */
export const UNASKED: SolverChoice = { space: 'auto', method: 'auto' };

/** Whether nothing is asked of a solution: then elimination may be tried first, and whatever else comes after it. */
export const isUnasked = ({ space, dmax, method }: SolverChoice): boolean =>
  space === 'auto' && dmax === undefined && method === 'auto';

function obstacleOf(symmetry: Symmetry): string {
  return symmetry.countsLevels
    ? 'a Hamiltonian that breaks the charge that the jumps conserve'
    : 'jumps that conserve no charge of the levels';
}

/** The space that a choice means for an open system. @throws {ParameterError} where it cannot be had */
export const spaceOfSystem = (symmetry: Symmetry, choice: SolverChoice): SpaceName =>
  chosenSpaceName(choice, hasSector(symmetry), obstacleOf(symmetry));

/** How an open system is solved in a space, where elimination does not. */
export const iterativeMethod = (space: SpaceName, { method }: SolverChoice): Method =>
  method === 'auto' ? (space === 'sector' ? 'direct' : 'gmres') : method;

/** @param dmax of the band; null where nothing is cut off, absent where it is not yet known */
export function reasonOfSystem(
  symmetry: Symmetry,
  space: SpaceName,
  method: Route['method'],
  dmax?: number | null,
): string {
  const kept =
    dmax === null
      ? 'every class that the populations reach'
      : dmax === undefined
        ? 'a band'
        : `the band |l − l'| ≤ ${dmax}`;
  const where = {
    sector: 'a charge that counts levels is conserved: populations are coupled to the sector alone',
    band: hasSector(symmetry) ? 'a band as asked for' : `${obstacleOf(symmetry)}: ${kept}`,
    full: 'the whole space as asked for',
  }[space];
  return method === 'elimination' ? `${where}; solved directly, by conserving elimination` : where;
}

/**
 * How the steady state of an open system is found; where elimination fails, by one factorisation instead.
 * @throws {ParameterError} for what the system or the backend does not have
 */
export function systemRoute(symmetry: Symmetry, levels: number, asked: Asked): Route {
  const choice = solverChoice(asked);
  const space = spaceOfSystem(symmetry, choice);
  const eliminates = space === 'sector' && asked.method === 'auto';
  const work = space === 'sector' ? 'elimination' : space;
  const { name, reason } = chosenBackend(asked.backend, work, levels);
  requirePrecision(name, asked.precision, 'f32');
  const method = eliminates ? 'elimination' : iterativeMethod(space, choice);
  return {
    space,
    method,
    backend: name,
    precision: asked.precision,
    reason: reasonOfSystem(symmetry, space, method, choice.dmax),
    backendReason: reason,
  };
}

export const RATIONAL =
  'without a potential every charge sector is block tridiagonal in small blocks: steps of an L-stable ' +
  'rational approximation of order 13, set by accuracy, each solved directly';
export const PROPAGATED =
  'exponential by Chebyshev polynomials, one product with the generator for each: ';

/** Whether an evolution stays in the sectors that its state begins in. @throws {ParameterError} */
export function evolvesInSectors(
  parameters: DeviceParameters,
  { space }: Pick<Asked, 'space'>,
): boolean {
  const sector = hasSectorOf(parameters);
  if (space === 'sector' && !sector) {
    throw new ParameterError('space', space, "'band', 'full' or 'auto' where V ≠ 0 or V2 ≠ 0");
  }
  return sector && (space === 'auto' || space === 'sector');
}

/** Small blocks are solved on the host; anything else propagates whatever there is. */
export const evolvesDirectly = (inSectors: boolean, isHost: boolean): boolean =>
  inSectors && isHost;

function evolutionOf(
  inSectors: boolean,
  levels: number,
  { backend, space, method, precision }: Omit<Asked, 'dmax'>,
  because: string,
): Route {
  const { name, reason } = inSectors
    ? chosenBackend(backend, 'rational', levels)
    : unmodelled(backend);
  const { isHost } = backends[name];
  if (method === 'direct' && !isHost) {
    const allowed = `'auto' on ${name}: sectors are solved on the CPU`;
    throw new ParameterError('method', method, allowed);
  }
  requirePrecision(name, precision, precision);
  const isDirect = evolvesDirectly(inSectors, isHost);
  return {
    space: inSectors ? 'sector' : space === 'full' ? 'full' : 'band',
    method: isDirect ? 'rational' : 'chebyshev',
    backend: name,
    precision,
    reason: isDirect ? RATIONAL : `${PROPAGATED}${inSectors ? 'as asked for' : because}`,
    backendReason: reason,
  };
}

/**
 * How an evolution of the paper's machine is computed.
 * @throws {ParameterError} for what the device or the backend does not have
 */
export function evolutionRoute(
  parameters: DeviceParameters,
  truncation: Pick<Truncation, 'lmin' | 'lmax'>,
  asked: Asked,
): Route {
  const { method } = asked;
  if (method !== 'auto' && method !== 'direct') {
    throw new ParameterError('method', method, "'auto' or 'direct' for an evolution");
  }
  requireLevels(parameters, truncation);
  const inSectors = evolvesInSectors(parameters, asked);
  const because = reasonInPotential(parameters);
  return evolutionOf(inSectors, firstWindow(truncation).size, asked, because);
}

/** The same for an open system. @throws {ParameterError} for what the backend does not have */
export function systemEvolutionRoute(
  symmetry: Symmetry,
  levels: number,
  { backend, precision }: Pick<Asked, 'backend' | 'precision'>,
): Route {
  if (!hasBatches(backend)) {
    throw new ParameterError('backend', backend, `${BATCH_NAMES} with machine`);
  }
  const asked = { backend, space: 'auto', method: 'auto', precision } as const;
  return evolutionOf(hasSector(symmetry), levels, asked, obstacleOf(symmetry));
}

/** How many products an evolution takes is not known before. */
const unmodelled = (choice: BackendChoice): ChosenBackend =>
  hostUnlessNamed(
    choice,
    'float64 on the CPU; there is no model of the number of products, and a GPU may take less: name it to try',
  );

/** Where one state after another is drawn: the CPU in float64, or a GPU in float32. */
export function trajectoriesRoute({
  backend,
  precision,
}: {
  readonly backend: BackendChoice;
  /** Absent where it is the backend's own. */
  readonly precision?: Precision | undefined;
}): Route {
  const { name, reason } = hostUnlessNamed(
    backend,
    'float64 is asked for, which a GPU has not here',
  );
  if (!hasBatches(name)) {
    throw new ParameterError('backend', name, `${BATCH_NAMES} for trajectories`);
  }
  const own = backends[name].isHost ? 'f64' : 'f32';
  if (precision !== undefined && precision !== own) {
    const why =
      own === 'f64'
        ? `'f64' with backend = ${name}, which has no other`
        : `'f32' with backend = ${name}: there trajectories run in float32, far below their standard errors`;
    throw new ParameterError('precision', precision, why);
  }
  return {
    space: 'state vectors',
    method: 'trajectories',
    backend: name,
    precision: own,
    reason: 'a jump leaves a pure state pure: means over many need no density matrix',
    backendReason: reason,
  };
}
