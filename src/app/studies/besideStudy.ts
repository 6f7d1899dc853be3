/** A device in time by another road than its master equation: by quantum trajectories, or one collision after the other. */
import { initialState } from '../../model/initial.js';
import { ParameterError } from '../../model/parameters.js';
import { CollisionRun } from '../../simulate/collide.js';
import { startWindow } from '../../simulate/evolve.js';
import { Trajectories } from '../../simulate/trajectories.js';
import { CHUNK, runTrajectories, trajectoryMeans } from '../../simulate/trajectoryPool.js';
import {
  type BesideRequest,
  type BesideResult,
  collisionsUntil,
  type Road,
  type Told,
} from './beside.js';
import { type Report, seldom } from './report.js';
import { type Hire, hired } from './trajectoryLanes.js';

/** More would only wait for memory. */
const MOST_WORKERS = 16;
/** At a third of a millisecond each half a minute. */
const MOST_COLLISIONS = 100_000;

async function byTrajectories(
  { parameters, truncation, initial, times }: BesideRequest,
  { count, seed }: Road & { kind: 'trajectories' },
  report: Report,
  hire: Hire,
): Promise<Omit<BesideResult, 'seconds'>> {
  const threads = Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1);
  const given = { parameters, initial: initialState(parameters, initial), times, seed };
  const { lmin: low, lmax: high } = startWindow({ truncation, initial: given.initial });
  const { request, moments, edgeLow, edgeHigh } = await trajectoryMeans(
    { ...given, lmin: low, lmax: high },
    truncation,
    (asked) => runTrajectories(asked, { count, threads, start: hired(hire), progress: report }),
  );
  const { lmin, lmax } = request;
  return {
    road: { kind: 'trajectories', count, seed },
    lmin,
    lmax,
    moments: new Trajectories(request).snapshots(moments).map(({ t, heat, rotor }) => ({
      t,
      told: {
        'rotor.Lz': rotor.Lz,
        'heat.Q1': heat.Q1,
        'heat.Q2': heat.Q2,
        'heat.Qr': heat.Qr,
      },
    })),
    count,
    workers: Math.min(threads, Math.ceil(count / CHUNK)),
    converged: Math.max(edgeLow, edgeHigh) <= truncation.edgeTolerance,
  };
}

const exactly = (mean: number): Told => ({ mean, error: null });

function byCollisions(
  { parameters, truncation, initial, times }: BesideRequest,
  { tau }: Road & { kind: 'collisions' },
  report: Report,
): Omit<BesideResult, 'seconds'> {
  const until = times[times.length - 1];
  const count = collisionsUntil(until, tau);
  if (count < 1 || count > MOST_COLLISIONS) {
    const allowed = `from tau to ${MOST_COLLISIONS} tau = ${MOST_COLLISIONS * tau}, for so many collisions are computed here`;
    throw new ParameterError('until', until, allowed);
  }
  // The collisions that end next to the times.
  const wanted = new Set(times.map((t) => collisionsUntil(t, tau)));
  const run = new CollisionRun({
    parameters,
    truncation,
    options: { tau, nmax: 'auto', weightTolerance: 1e-12 },
    initial: initialState(parameters, initial),
    count,
    every: 1,
  });
  while (!run.complete) {
    run.advance();
    report(run.step);
  }
  const { lmin, lmax } = run.maps.device.system.window;
  return {
    road: { kind: 'collisions', tau },
    lmin,
    lmax,
    moments: run.records
      .filter(({ step }) => wanted.has(step))
      .map(({ t, Lz, Q1, Q2, Qr, WQ }) => ({
        t,
        told: {
          'rotor.Lz': exactly(Lz),
          'heat.Q1': exactly(Q1),
          'heat.Q2': exactly(Q2),
          'heat.Qr': exactly(Qr),
          'work.WQ': exactly(WQ),
        },
      })),
    count,
    workers: 1,
    converged: Math.max(run.edgeLow, run.edgeHigh) <= truncation.edgeTolerance,
  };
}

/** @throws {ParameterError} for a device that the road does not lead to, and for more collisions than are computed */
export async function besideStudy(
  request: BesideRequest,
  report: Report,
  hire: Hire,
): Promise<BesideResult> {
  const begin = performance.now();
  const { road } = request;
  const tell = seldom(report);
  const found =
    road.kind === 'trajectories'
      ? await byTrajectories(request, road, tell, hire)
      : byCollisions(request, road, tell);
  return { ...found, seconds: (performance.now() - begin) / 1e3 };
}
