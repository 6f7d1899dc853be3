/** What a mouse does on the map: point, choose a part, move, zoom. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** Shares of the map's sides, from its lower left corner. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Two opposite corners. */
export type Part = readonly [Spot, Spot];

interface Gestures {
  /** A click, or a tap. */
  readonly click: (at: Spot) => void;
  readonly brush: (part: Part) => void;
  /** Moves what is at one spot to another. */
  readonly pan: (from: Spot, to: Spot) => void;
  /** @param factor below 1 to see less */
  readonly zoom: (at: Spot, factor: number) => void;
}

/** Pixels that a click may move. */
const STILL = 5;
/** Of a wheel's step, by pixel. */
const WHEEL = 0.002;

export const spotOf = (event: MouseEvent, element: Element): Spot => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const within = (share: number) => Math.min(1, Math.max(0, share));
  return {
    x: within((event.clientX - left) / width),
    y: within(1 - (event.clientY - top) / height),
  };
};

interface Drag {
  readonly from: Spot;
  readonly x: number;
  readonly y: number;
  readonly isPan: boolean;
}

/**
 * Dragging chooses a part, with Shift it moves the map; the wheel zooms with Ctrl, as pinching a touchpad does. A finger
 * taps, and scrolls the page.
 */
export function useGestures(canvas: { readonly current: HTMLCanvasElement | null }, on: Gestures) {
  const [part, choose] = useState<Part | null>(null);
  const drag = useRef<Drag | null>(null);
  const dragged = useRef(false);
  const current = useRef(on);
  current.current = on;

  // By the element itself: what listens through an attribute cannot keep the page from zooming.
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      current.current.zoom(spotOf(event, element), Math.exp(WHEEL * event.deltaY));
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, []);

  type Mouse = PointerEvent & { readonly currentTarget: HTMLCanvasElement };
  return {
    part,
    handlers: {
      onPointerDown: (event: Mouse) => {
        dragged.current = false;
        if (event.button !== 0 || event.pointerType === 'touch') return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = {
          from: spotOf(event, event.currentTarget),
          x: event.clientX,
          y: event.clientY,
          isPan: event.shiftKey,
        };
      },
      onPointerMove: (event: Mouse) => {
        const begun = drag.current;
        if (begun === null) return;
        if (Math.hypot(event.clientX - begun.x, event.clientY - begun.y) > STILL) {
          dragged.current = true;
        }
        if (dragged.current && !begun.isPan) {
          choose([begun.from, spotOf(event, event.currentTarget)]);
        }
      },
      onPointerUp: (event: Mouse) => {
        const begun = drag.current;
        drag.current = null;
        choose(null);
        if (begun === null || !dragged.current) return;
        const to = spotOf(event, event.currentTarget);
        if (begun.isPan) current.current.pan(begun.from, to);
        else current.current.brush([begun.from, to]);
      },
      onPointerCancel: () => {
        drag.current = null;
        choose(null);
      },
      onClick: (event: MouseEvent & { readonly currentTarget: HTMLCanvasElement }) => {
        if (!dragged.current) current.current.click(spotOf(event, event.currentTarget));
      },
    },
  };
}
