/** What is between the baths: two qubits with the populations of their levels, and the rotor that they turn. */
import { useEffect, useRef } from 'preact/hooks';
import type { SteadyResult } from '../../solver/protocol.js';
import type { Palette } from './palette.js';

/** Pixels of the picture in the wide diagram and on phones. */
export interface MachineSize {
  /** From the centre to each qubit. */
  readonly apart: number;
  /** Inner radius of the rotor's ring. */
  readonly ring: number;
  readonly level: number;
}

/** The widest band of P(φ), and a band of the mean density, in shares of the ring's radius. */
const WIDEST_BAND = 0.75;
const MEAN_BAND = 0.28;
/** A uniform density is this. */
const UNIFORM = 1 / (2 * Math.PI);
/** Faster than so many radians a second is not told apart. */
const FASTEST = 9;
/** λ as a line: its width, and that of the largest that is drawn. */
const LINE = { least: 1, most: 5 } as const;

/** Populations of each qubit's upper level. */
function upperPopulations(populations: readonly number[]): readonly [number, number] {
  const [, p01, p10, p11] = populations;
  return [p10 + p11, p01 + p11];
}

interface QubitProps {
  readonly upper: number;
  readonly x: number;
  readonly colour: string;
  readonly size: MachineSize;
  readonly palette: Palette;
}

/** Two levels, each with a disc as large as its population. */
function Qubit({ upper, x, colour, size: { level }, palette }: QubitProps) {
  const half = level / 2;
  return (
    <g transform={`translate(${x} 0)`}>
      {([-1, 1] as const).map((side) => {
        const y = side * half;
        const population = side < 0 ? upper : 1 - upper;
        return (
          <g key={side}>
            <line x1={-half} x2={half} y1={y} y2={y} stroke={palette.text} stroke-width={2} />
            <circle cy={y} r={0.42 * level * Math.sqrt(Math.max(0, population))} fill={colour} />
          </g>
        );
      })}
    </g>
  );
}

/** The ring between its inner edge and one that is as far out as the angle is likely. */
function ringPath(density: readonly number[] | null, ring: number): string {
  const outer = (k: number) => {
    const relative = density === null ? 1 : density[k] / UNIFORM;
    return ring * (1 + Math.min(WIDEST_BAND, MEAN_BAND * Math.max(0, relative)));
  };
  const count = density?.length ?? 72;
  const point = (radius: number, k: number) => {
    // Angles are counted from the right, against the clock.
    const angle = (-2 * Math.PI * k) / count;
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  };
  const around = Array.from({ length: count }, (_, k) => k);
  const outside = around.map((k) => point(outer(k), k)).join('L');
  const inside = around.map((k) => point(ring, k)).join('L');
  return `M${outside}ZM${inside}Z`;
}

/** Whoever asks their system for less motion sees none. */
const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** An arm that turns with the mean angular velocity: one unit of time is a second. */
function Arm({ velocity, ring, palette }: { velocity: number; ring: number; palette: Palette }) {
  const arm = useRef<SVGGElement>(null);
  const turning = useRef<Animation | null>(null);
  useEffect(() => {
    if (arm.current === null || isStill()) return undefined;
    turning.current = arm.current.animate(
      [{ transform: 'rotate(0rad)' }, { transform: `rotate(${2 * Math.PI}rad)` }],
      // A radian a second.
      { duration: 2000 * Math.PI, iterations: Number.POSITIVE_INFINITY },
    );
    return () => turning.current?.cancel();
  }, []);
  useEffect(() => {
    // Without a jump; the picture's y points down, so that the clock's way is the negative one.
    turning.current?.updatePlaybackRate(-Math.max(-FASTEST, Math.min(FASTEST, velocity)));
  }, [velocity]);
  return (
    <g ref={arm}>
      <line x2={0.82 * ring} stroke={palette.load} stroke-width={3} stroke-linecap="round" />
      <circle cx={0.82 * ring} r={0.13 * ring} fill={palette.load} />
      <circle r={0.1 * ring} fill={palette.load} />
    </g>
  );
}

interface Props {
  readonly result: SteadyResult;
  readonly palette: Palette;
  readonly size: MachineSize;
  readonly colours: readonly [string, string];
}

export const angularVelocity = ({ request, observables }: SteadyResult): number =>
  observables.rotor.Lz / request.parameters.I;

export function MachinePicture({ result, palette, size, colours }: Props) {
  const { observables, request, angle } = result;
  const { apart, ring } = size;
  const upper = upperPopulations(observables.qubits.populations);
  const lambda = Math.abs(request.parameters.lambda);
  const width = LINE.least + (LINE.most - LINE.least) * Math.min(1, Math.sqrt(lambda));
  return (
    <>
      {lambda === 0
        ? null
        : [-1, 1].map((side) => (
            <line
              key={side}
              x1={side * (apart - size.level / 2 - 4)}
              x2={side * ring}
              stroke={palette.muted}
              stroke-width={width}
            />
          ))}
      <Qubit upper={upper[0]} x={-apart} colour={colours[0]} size={size} palette={palette} />
      <Qubit upper={upper[1]} x={apart} colour={colours[1]} size={size} palette={palette} />
      <path
        d={ringPath(angle, ring)}
        fill={palette.load}
        fill-opacity={0.45}
        fill-rule="evenodd"
        stroke={palette.load}
        stroke-width={0.7}
      />
      <Arm velocity={angularVelocity(result)} ring={ring} palette={palette} />
    </>
  );
}
