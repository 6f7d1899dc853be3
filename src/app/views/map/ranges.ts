/** The parts of its axes that the map goes to. */
import { deviceParameters } from '../../../model/parameters.js';
import { type NumericParameter, sliderRanges } from '../../content/ranges.js';
import { mapRequest } from '../../map/atlas.js';
import { onAxis, panned, partOf, zoomed } from '../../map/zoom.js';
import { changeSettings, page } from '../../state/store.js';
import type { Part, Spot } from './gestures.js';

type Shares = readonly [number, number];

function isAllowed(name: NumericParameter, value: number): boolean {
  try {
    deviceParameters({ ...page.peek().parameters, [name]: value });
    return true;
  } catch {
    return false;
  }
}

function goToShares(x: Shares, y: Shares): void {
  const request = mapRequest();
  const ofX = partOf(request.x, x, (value) => isAllowed(request.x.name, value));
  const ofY = partOf(request.y, y, (value) => isAllowed(request.y.name, value));
  changeSettings(
    {
      ...(ofX === null ? {} : { mapXFrom: ofX.from, mapXTo: ofX.to }),
      ...(ofY === null ? {} : { mapYFrom: ofY.from, mapYTo: ofY.to }),
    },
    { by: 'map' },
  );
}

export function zoomAt({ x, y }: Spot, factor: number): void {
  const { size } = mapRequest();
  goToShares(zoomed(onAxis(x, size), factor), zoomed(onAxis(y, size), factor));
}

export function brush([a, b]: Part): void {
  const { size } = mapRequest();
  const between = (one: number, other: number): Shares => [
    onAxis(Math.min(one, other), size),
    onAxis(Math.max(one, other), size),
  ];
  goToShares(between(a.x, b.x), between(a.y, b.y));
}

export const pan = (from: Spot, to: Spot): void =>
  goToShares(panned(to.x - from.x), panned(to.y - from.y));

/** As far as the sliders of both parameters reach. */
export function showAll(): void {
  const { x, y } = mapRequest();
  const [ofX, ofY] = [sliderRanges[x.name], sliderRanges[y.name]];
  changeSettings({
    ...{ mapXFrom: ofX.from, mapXTo: ofX.to, mapXSpacing: ofX.spacing },
    ...{ mapYFrom: ofY.from, mapYTo: ofY.to, mapYSpacing: ofY.spacing },
  });
}
