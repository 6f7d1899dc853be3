/** The map itself: a canvas inside a frame of axes, to point at and to walk on by keys. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { View } from 'vega';
import type { ObservableName } from '../../../simulate/observableRecords.js';
import { atlas, drawn, passes, progress } from '../../map/atlas.js';
import { type Axis, type MapRequest, spanned } from '../../map/grid.js';
import { LINE, type MapLines, mapLines } from '../../map/lines.js';
import { paint, scaleOf } from '../../map/paint.js';
import { regionLabels } from '../../map/regions.js';
import { forAppearance } from '../../plot/appearance.js';
import { canvasOf } from '../../plot/cells.js';
import { Downloads } from '../../plot/Downloads.js';
import { makeView, toPng, toSvg } from '../../plot/vega.js';
import { dark, phone } from '../../state/appearance.js';
import { page } from '../../state/store.js';
import { type Part, type Spot, spotOf, useGestures } from './gestures.js';
import { mapDataset } from './mapDataset.js';
import { MAP_SIDE, mapPlot, PHONE_MAP_SIDE } from './mapPlot.js';
import { brush, pan, zoomAt } from './ranges.js';

interface Props {
  readonly request: MapRequest;
  readonly show: ObservableName;
  readonly pointed: number | null;
  /** The point that stays. */
  readonly pinned: number | null;
  readonly point: (place: number | null) => void;
  readonly pin: (place: number) => void;
  /** To the device. */
  readonly take: (place: number) => void;
}

/** Where the map is within its frame. */
interface Frame {
  readonly left: string;
  readonly top: string;
  readonly width: string;
  readonly height: string;
}

/** Width over height of the frame with its axes and legends, whatever they are: nothing moves when they change. */
const RATIO = { wide: 1.16, phone: 0.92 } as const;

/** The frame as large as it fits, in the middle of its place. */
function placed(view: View, svg: SVGSVGElement, ratio: number): Frame {
  const { width, height } = svg.viewBox.baseVal;
  const [left, top] = view.origin();
  const padding = view.padding();
  const pad = typeof padding === 'number' ? { left: padding, top: padding } : padding;
  // In units of the height of the place.
  const scale = Math.min(ratio / width, 1 / height);
  const x = (ratio - scale * width) / 2 + scale * (left + (pad.left ?? 0));
  const y = (1 - scale * height) / 2 + scale * (top + (pad.top ?? 0));
  return {
    left: inPercent(x / ratio),
    top: inPercent(y),
    width: inPercent((scale * view.width()) / ratio),
    height: inPercent(scale * view.height()),
  };
}

/** Where a value is on an axis, as a share of the picture's side. */
function shareOf(axis: Axis, size: number, value: number): number {
  const [from, to] = spanned(axis, size);
  return axis.spacing === 'linear'
    ? (value - from) / (to - from)
    : Math.log(value / from) / Math.log(to / from);
}

const inPercent = (share: number): string => `${100 * share}%`;

/** The middle of a point's cell. */
const middleOf = (place: number, size: number): Spot => ({
  x: ((place % size) + 0.5) / size,
  y: (Math.floor(place / size) + 0.5) / size,
});

/** What is chosen, as a box above the map. */
const boxOf = ([a, b]: Part) => ({
  left: inPercent(Math.min(a.x, b.x)),
  bottom: inPercent(Math.min(a.y, b.y)),
  width: inPercent(Math.abs(a.x - b.x)),
  height: inPercent(Math.abs(a.y - b.y)),
});

/** Pixels of a file's picture along a side, where its points are fewer. */
const FILE_SIDE = 1200;

/** The picture with its lines, for files. */
function withLines(canvas: HTMLCanvasElement, lines: MapLines | null): HTMLCanvasElement {
  const side = canvas.width * Math.ceil(FILE_SIDE / canvas.width);
  const [whole, context] = canvasOf(side, side);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, side, side);
  if (lines === null) return whole;
  context.scale(side, side);
  for (const kind of ['levels', 'halo', 'borders'] as const) {
    const { colour, width, opacity } = LINE[kind];
    context.strokeStyle = colour;
    context.globalAlpha = opacity;
    context.lineWidth = width / MAP_SIDE;
    context.stroke(new Path2D(kind === 'levels' ? lines.levels : lines.borders));
  }
  return whole;
}

export function MapCanvas({ request, show, pointed, pinned, point, pin, take }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [place, setDrawn] = useState<Frame | null>(null);
  const isDark = dark.value;
  const side = phone.value ? PHONE_MAP_SIDE : MAP_SIDE;
  const ratio = phone.value ? RATIO.phone : RATIO.wide;
  const map = atlas.answer.value?.result ?? null;
  const { size, x, y } = request;
  const { parameters } = page.value;

  const turn = drawn.value;
  const pass = passes.value;
  const scale = useMemo(() => scaleOf(map, show), [map, show, pass]);
  const labels = useMemo(
    () => (map === null || show !== 'operation' ? [] : regionLabels(map)),
    [map, show, pass],
  );
  const key = JSON.stringify([request.x, request.y, show, scale, isDark, side]);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let gone = false;
    const made = makeView(
      forAppearance(mapPlot(request, show, scale, undefined, side), isDark),
      {},
    ).then(async (view) => {
      const text = await view.toSVG();
      if (!gone) {
        element.innerHTML = text;
        const svg = element.querySelector('svg');
        if (svg !== null) setDrawn(placed(view, svg, ratio));
      }
      view.finalize();
    });
    void made;
    return () => {
      gone = true;
    };
  }, [key]);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context == null || map === null) return;
    context.putImageData(paint(map, show, scale), 0, 0);
  }, [map, show, scale, turn, place]);

  const lines = useMemo(
    () => (map === null ? null : mapLines(map, show, scale)),
    [map, show, scale, pass],
  );
  const placeAt = ({ x: across, y: up }: Spot): number => {
    const clamp = (share: number) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
    return clamp(up) * size + clamp(across);
  };
  const { part, handlers } = useGestures(canvas, {
    click: (at) => pin(placeAt(at)),
    brush,
    pan,
    zoom: zoomAt,
  });
  const walk = (event: KeyboardEvent) => {
    const at = pointed ?? Math.floor(size / 2) * (size + 1);
    const i = at % size;
    const j = (at - i) / size;
    const step = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowDown: [0, -step],
      ArrowUp: [0, step],
    };
    const move = moves[event.key];
    if (event.key === 'Enter' && pointed !== null) take(pointed);
    if (event.key === ' ' && pointed !== null) pin(pointed);
    if (event.key === '+' || event.key === '-') {
      zoomAt(middleOf(at, size), event.key === '+' ? 0.5 : 2);
    }
    if (event.key === ' ') event.preventDefault();
    if (move === undefined) return;
    event.preventDefault();
    const within = (n: number) => Math.min(size - 1, Math.max(0, n));
    point(within(j + move[1]) * size + within(i + move[0]));
  };
  const picture = () => {
    if (canvas.current === null) throw new Error('no map');
    return mapPlot(request, show, scale, {
      url: withLines(canvas.current, lines).toDataURL('image/png'),
      labels,
    });
  };
  const here = { x: shareOf(x, size, parameters[x.name]), y: shareOf(y, size, parameters[y.name]) };
  const inside = here.x >= 0 && here.x <= 1 && here.y >= 0 && here.y <= 1;
  const cross = pointed === null ? null : middleOf(pointed, size);
  const stays = pinned === null ? null : middleOf(pinned, size);
  return (
    <figure class="plot map">
      <div class="drawing" style={{ aspectRatio: String(ratio) }}>
        <div ref={frame} class="frame" aria-hidden="true" />
        <div class="inner" style={place === null ? { visibility: 'hidden' } : { ...place }}>
          {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is walked on by keys */}
          <canvas
            ref={canvas}
            width={size}
            height={size}
            tabIndex={0}
            role="application"
            aria-label="Map. Arrow keys move over it, with Shift in steps of ten; the space bar pins the point, Enter takes it to the device, plus and minus zoom."
            onMouseMove={(event) => point(placeAt(spotOf(event, event.currentTarget)))}
            onMouseLeave={() => point(null)}
            onKeyDown={walk}
            {...handlers}
          />
          {lines === null ? null : (
            <svg class="lines" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
              <path class="levels" d={lines.levels} />
              <path class="halo" d={lines.borders} />
              <path class="borders" d={lines.borders} />
            </svg>
          )}
          {part === null ? null : <span class="part" style={boxOf(part)} />}
          {stays === null ? null : (
            <span class="pin" style={{ left: inPercent(stays.x), bottom: inPercent(stays.y) }} />
          )}
          {labels.map(({ operation, x: across, y: up }) => (
            <span
              key={operation}
              class="region"
              aria-hidden="true"
              style={{ left: inPercent(across), bottom: inPercent(up) }}
            >
              {operation}
            </span>
          ))}
          {inside ? (
            <span class="here" style={{ left: inPercent(here.x), bottom: inPercent(here.y) }} />
          ) : null}
          {cross === null ? null : (
            <>
              <span class="across" style={{ bottom: inPercent(cross.y) }} />
              <span class="upright" style={{ left: inPercent(cross.x) }} />
            </>
          )}
        </div>
      </div>
      <Downloads
        name="map"
        ready={map !== null}
        svg={() => toSvg(picture(), {})}
        png={() => toPng(picture(), {})}
        by={progress.value?.by ?? ''}
        dataset={() => (map === null ? null : mapDataset(map))}
        axes={2}
      />
    </figure>
  );
}

/** The place of the point that is nearest to two values; null where these are not on the map. */
export function placeOf({ x, y, size }: MapRequest, atX: number, atY: number): number | null {
  const [i, j] = [
    Math.floor(shareOf(x, size, atX) * size),
    Math.floor(shareOf(y, size, atY) * size),
  ];
  return i >= 0 && i < size && j >= 0 && j < size ? j * size + i : null;
}
