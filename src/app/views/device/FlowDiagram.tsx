/** Heat and work as arrows into and out of the device, their widths in proportion. */
import { signed } from '../../components/format.js';
import type { SteadyResult } from '../../solver/protocol.js';
import { type Flow, flowsOf, type Side } from './flows.js';

export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly fill: string;
  readonly cold: string;
  readonly hot: string;
  readonly load: string;
  readonly work: string;
}

export const lightPalette: Palette = {
  background: '#ffffff',
  text: '#1c2733',
  muted: '#5a6672',
  line: '#8a96a3',
  fill: '#f3f6f9',
  cold: '#0072b2',
  hot: '#c24f00',
  load: '#007d5b',
  work: '#6b4fa0',
};

export const darkPalette: Palette = {
  background: 'none',
  text: '#e8edf2',
  muted: '#a5b0bb',
  line: '#66727f',
  fill: '#1d2731',
  cold: '#56b4e9',
  hot: '#f0853c',
  load: '#2fc498',
  work: '#b7a1e8',
};

const WIDTH = 640;
const HEIGHT = 380;
const CENTRE = { x: 320, y: 190 };
const WIDEST = 34;
const NARROWEST = 2;
/** From the edge of a reservoir to the edge of the device. */
const SPANS: Readonly<Record<Side, { from: number; to: number; turn: number }>> = {
  left: { from: -196, to: -92, turn: 0 },
  right: { from: -196, to: -92, turn: 180 },
  top: { from: -118, to: -62, turn: 90 },
  bottom: { from: -118, to: -62, turn: -90 },
};

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

function Arrow({ flow, largest, colour }: { flow: Flow; largest: number; colour: string }) {
  const { from, to, turn } = SPANS[flow.side];
  const share = largest === 0 ? 0 : Math.abs(flow.value) / largest;
  const width = NARROWEST + (WIDEST - NARROWEST) * share;
  if (flow.value === 0) return null;
  return (
    <path
      d={arrowPath(from, to, width, flow.value > 0)}
      transform={`translate(${CENTRE.x} ${CENTRE.y}) rotate(${turn})`}
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
}: {
  readonly result: SteadyResult;
  readonly palette: Palette;
}) {
  const flows = flowsOf(result);
  const largest = Math.max(...flows.map(({ value }) => Math.abs(value)));
  const { beta1, beta2, betaR, model } = result.request.parameters;
  const colours: Readonly<Record<Side, string>> = {
    left: beta1 >= beta2 ? p.cold : p.hot,
    right: beta1 >= beta2 ? p.hot : p.cold,
    bottom: p.load,
    top: p.work,
  };
  const reservoirs: Readonly<Record<Side, Reservoir>> = {
    left: { title: 'bath 1', detail: `β₁ = ${beta1}`, x: 72, y: 190, value: { x: 166, y: 116 } },
    right: { title: 'bath 2', detail: `β₂ = ${beta2}`, x: 568, y: 190, value: { x: 474, y: 116 } },
    top: {
      title: 'work of the local baths',
      detail: model === 'local' ? '' : 'none in the global model',
      x: 320,
      y: 40,
      value: { x: 346, y: 84 },
    },
    bottom: { title: 'load', detail: `βᵣ = ${betaR}`, x: 320, y: 340, value: { x: 346, y: 288 } },
  };
  const spoken = flows.map(({ name, value }) => `${name} ${signed(value)}`).join(', ');
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      font-family="DejaVu Sans, Helvetica, Arial, sans-serif"
      role="img"
      aria-label={`${result.observables.operation}: ${spoken}`}
    >
      <rect width={WIDTH} height={HEIGHT} fill={p.background} />
      {flows.map((flow) => (
        <Arrow key={flow.name} flow={flow} largest={largest} colour={colours[flow.side]} />
      ))}
      <rect
        x={CENTRE.x - 88}
        y={CENTRE.y - 58}
        width={176}
        height={116}
        rx={14}
        fill={p.fill}
        stroke={p.line}
        stroke-width={1.5}
      />
      <text
        x={CENTRE.x}
        y={CENTRE.y - 4}
        text-anchor="middle"
        font-size={21}
        font-weight="600"
        fill={p.text}
      >
        {result.observables.operation}
      </text>
      <text x={CENTRE.x} y={CENTRE.y + 22} text-anchor="middle" font-size={13} fill={p.muted}>
        two qubits and a rotor
      </text>
      {flows.map((flow) => {
        const r = reservoirs[flow.side];
        const beside = flow.side === 'left' || flow.side === 'right';
        return (
          <g key={flow.name}>
            {beside ? (
              <rect
                x={r.x - 52}
                y={r.y - 34}
                width={104}
                height={68}
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
              font-size={17.5}
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
