/** Where along curves in a frame something stands: places by value and by length, and directions there. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** From numbers to pixels of a frame, y downwards. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** What is at the right and at the upper edge; 0 is at the others. */
  readonly right: number;
  readonly top: number;
}

export const toPixels = ({ width, height, right, top }: Frame, { x, y }: Place): Place => ({
  x: (width * x) / right,
  y: height * (1 - y / top),
});

/** A place on a curve, and the direction in which it goes on there, in pixels. */
export interface Waypoint extends Place {
  readonly direction: Place;
}

function between(frame: Frame, a: Place, b: Place, share: number): Waypoint {
  const [from, to] = [toPixels(frame, a), toPixels(frame, b)];
  return {
    x: a.x + share * (b.x - a.x),
    y: a.y + share * (b.y - a.y),
    direction: { x: to.x - from.x, y: to.y - from.y },
  };
}

/** Where a curve's parameter, which grows along it, has a value; null before its beginning. */
export function atParameter(
  frame: Frame,
  curve: readonly (Place & { readonly parameter: number })[],
  value: number,
): Waypoint | null {
  for (let i = 1; i < curve.length; i++) {
    const [a, b] = [curve[i - 1], curve[i]];
    if (value < a.parameter) return null;
    const isLast = i === curve.length - 1;
    if (value > b.parameter && !isLast) continue;
    return between(frame, a, b, Math.min(1, (value - a.parameter) / (b.parameter - a.parameter)));
  }
  return null;
}

/** Where a share of a curve's length in the frame is behind. */
export function atShare(frame: Frame, curve: readonly Place[], share: number): Waypoint {
  const pixels = curve.map((place) => toPixels(frame, place));
  const steps = pixels.slice(1).map((p, i) => Math.hypot(p.x - pixels[i].x, p.y - pixels[i].y));
  let left = share * steps.reduce((sum, step) => sum + step, 0);
  for (let i = 0; i < steps.length - 1; i++) {
    if (left <= steps[i]) return between(frame, curve[i], curve[i + 1], left / steps[i]);
    left -= steps[i];
  }
  return between(frame, curve[curve.length - 2], curve[curve.length - 1], 1);
}

/** Degrees clockwise from upwards. */
export const bearing = ({ direction: { x, y } }: Waypoint): number =>
  (Math.atan2(x, -y) * 180) / Math.PI;
