/** Heat and work as arrows into and out of the device, their widths in proportion. */

import { masterEquations } from '../../../model/masterEquations/registry.js';
import { signed } from '../../components/format.js';
import type { SteadyResult } from '../../solver/protocol.js';
import { type Flow, flowsOf, type Side } from './flows.js';
import { MachinePicture, type MachineSize } from './MachinePicture.js';
import type { Palette } from './palette.js';

/** Where everything is. */
interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly centre: { readonly x: number; readonly y: number };
  /** Of the device and of the two baths beside it. */
  readonly device: { readonly width: number; readonly height: number };
  readonly bath: { readonly width: number; readonly height: number };
  /** Of an arrow, from its reservoir to the device: distances from the centre, and its direction. */
  readonly spans: Readonly<
    Record<Side, { readonly from: number; readonly to: number; readonly turn: number }>
  >;
  readonly machine: MachineSize;
  /** From the centre to the titles above and below. */
  readonly above: number;
  readonly below: number;
  /** From the centre to the values of the baths' flows. */
  readonly beside: { readonly x: number; readonly y: number };
}

const wide: Geometry = {
  width: 640,
  height: 380,
  centre: { x: 320, y: 190 },
  device: { width: 226, height: 142 },
  machine: { apart: 76, ring: 30, level: 34 },
  bath: { width: 104, height: 68 },
  spans: {
    left: { from: -196, to: -116, turn: 0 },
    right: { from: -196, to: -116, turn: 180 },
    top: { from: -126, to: -75, turn: 90 },
    bottom: { from: -126, to: -75, turn: -90 },
  },
  above: 156,
  below: 156,
  beside: { x: 196, y: -56 },
};

/** For phones: closer together, so that the text keeps its size. */
const close: Geometry = {
  width: 400,
  height: 330,
  centre: { x: 200, y: 162 },
  device: { width: 148, height: 108 },
  machine: { apart: 51, ring: 21, level: 24 },
  bath: { width: 84, height: 60 },
  spans: {
    left: { from: -112, to: -77, turn: 0 },
    right: { from: -112, to: -77, turn: 180 },
    top: { from: -112, to: -57, turn: 90 },
    bottom: { from: -104, to: -57, turn: -90 },
  },
  above: 138,
  below: 132,
  beside: { x: 124, y: -66 },
};

const WIDEST = 34;
const NARROWEST = 2;

/** An arrow along x, pointing to larger x, or back where the flow is negative. */
function arrowPath(from: number, to: number, width: number, inward: boolean): string {
  const [tail, tip] = inward ? [from, to] : [to, from];
  const along = Math.sign(tip - tail);
  const head = Math.min(Math.abs(tip - tail) * 0.45, 8 + width * 0.6);
  const neck = tip - along * head;
  const half = width / 2;
  const barb = half + 4 + width * 0.15;
  return `M${tail} ${-half}L${neck} ${-half}L${neck} ${-barb}L${tip} 0L${neck} ${barb}L${neck} ${half}L${tail} ${half}Z`;
}

interface ArrowProps {
  readonly flow: Flow;
  readonly largest: number;
  readonly colour: string;
  readonly geometry: Geometry;
}

function Arrow({ flow, largest, colour, geometry: { centre, spans } }: ArrowProps) {
  const { from, to, turn } = spans[flow.side];
  const share = largest === 0 ? 0 : Math.abs(flow.value) / largest;
  const width = NARROWEST + (WIDEST - NARROWEST) * share;
  if (flow.value === 0) return null;
  return (
    <path
      d={arrowPath(from, to, width, flow.value > 0)}
      transform={`translate(${centre.x} ${centre.y}) rotate(${turn})`}
      fill={colour}
      fill-opacity={flow.kind === 'heat' ? 0.9 : 0.75}
    />
  );
}

interface Reservoir {
  readonly title: string;
  readonly detail: string;
  readonly x: number;
  readonly y: number;
  readonly value: { readonly x: number; readonly y: number };
}

export function FlowDiagram({
  result,
  palette: p,
  narrow = false,
}: {
  readonly result: SteadyResult;
  readonly palette: Palette;
  readonly narrow?: boolean;
}) {
  const geometry = narrow ? close : wide;
  const { centre, device, bath, beside: aside } = geometry;
  const flows = flowsOf(result);
  const largest = Math.max(...flows.map(({ value }) => Math.abs(value)));
  const { beta1, beta2, betaR, model } = result.request.parameters;
  const colours: Readonly<Record<Side, string>> = {
    left: beta1 >= beta2 ? p.cold : p.hot,
    right: beta1 >= beta2 ? p.hot : p.cold,
    bottom: p.load,
    top: p.work,
  };
  const level = { y: centre.y + aside.y };
  const reservoirs: Readonly<Record<Side, Reservoir>> = {
    left: {
      title: 'bath 1',
      detail: `β₁ = ${beta1}`,
      x: bath.width / 2 + (narrow ? 2 : 20),
      y: centre.y,
      value: { ...level, x: centre.x - aside.x },
    },
    right: {
      title: 'bath 2',
      detail: `β₂ = ${beta2}`,
      x: geometry.width - bath.width / 2 - (narrow ? 2 : 20),
      y: centre.y,
      value: { ...level, x: centre.x + aside.x },
    },
    top: {
      title: 'work of the local baths',
      detail: masterEquations[model].reach === 'own' ? '' : `none in the ${model} model`,
      x: centre.x,
      y: centre.y - geometry.above,
      value: { x: centre.x + 26, y: centre.y + (narrow ? -88 : -100) },
    },
    bottom: {
      title: 'load',
      detail: `βᵣ = ${betaR}`,
      x: centre.x,
      y: centre.y + geometry.below,
      value: { x: centre.x + 26, y: centre.y + (narrow ? 86 : 106) },
    },
  };
  const spoken = flows.map(({ name, value }) => `${name} ${signed(value)}`).join(', ');
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${geometry.width} ${geometry.height}`}
      font-family="DejaVu Sans, Helvetica, Arial, sans-serif"
      role="img"
      aria-label={`${result.observables.operation}: ${spoken}`}
    >
      <rect width={geometry.width} height={geometry.height} fill={p.background} />
      {flows.map((flow) => (
        <Arrow
          key={flow.name}
          flow={flow}
          largest={largest}
          colour={colours[flow.side]}
          geometry={geometry}
        />
      ))}
      <rect
        x={centre.x - device.width / 2}
        y={centre.y - device.height / 2}
        width={device.width}
        height={device.height}
        rx={14}
        fill={p.fill}
        stroke={p.line}
        stroke-width={1.5}
      />
      <text
        x={centre.x}
        y={centre.y - device.height / 2 + (narrow ? 19 : 23)}
        text-anchor="middle"
        font-size={narrow ? 15.5 : 18}
        font-weight="600"
        fill={p.text}
      >
        {result.observables.operation}
      </text>
      <g transform={`translate(${centre.x} ${centre.y + (narrow ? 12 : 14)})`}>
        <MachinePicture
          result={result}
          palette={p}
          size={geometry.machine}
          colours={[colours.left, colours.right]}
        />
      </g>
      {flows.map((flow) => {
        const r = reservoirs[flow.side];
        const beside = flow.side === 'left' || flow.side === 'right';
        return (
          <g key={flow.name}>
            {beside ? (
              <rect
                x={r.x - bath.width / 2}
                y={r.y - bath.height / 2}
                width={bath.width}
                height={bath.height}
                rx={10}
                fill={p.fill}
                stroke={colours[flow.side]}
                stroke-width={2}
              />
            ) : null}
            <text
              x={r.x}
              y={beside ? r.y - 3 : r.y - (r.detail === '' ? 0 : 10)}
              text-anchor="middle"
              font-size={17.5}
              font-weight="600"
              fill={p.text}
            >
              {r.title}
            </text>
            <text
              x={r.x}
              y={beside ? r.y + 18 : r.y + 9}
              text-anchor="middle"
              font-size={15}
              fill={p.muted}
            >
              {r.detail}
            </text>
            <text
              x={r.value.x}
              y={r.value.y}
              text-anchor={beside ? 'middle' : 'start'}
              font-size={narrow ? 15.5 : 17.5}
              fill={p.text}
              style={{ fontVariantNumeric: 'tabular-nums' }}
            >
              {`${flow.symbol} ${signed(flow.value)}`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
