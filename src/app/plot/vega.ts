/** Vega, loaded when the first plot is drawn. */
import type { View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

export type Rows = readonly Readonly<Record<string, number | string | null>>[];
/** Data sets of a specification by their names, for those that change while it stays. */
export type NamedRows = Readonly<Record<string, Rows>>;

/** A view of a specification, its named data filled in, not yet drawn anywhere. */
export async function makeView(
  spec: TopLevelSpec,
  data: NamedRows,
  element?: HTMLElement,
): Promise<View> {
  const [vega, { compile }, { expressionInterpreter }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
  ]);
  // Interpreted: as code they would need 'unsafe-eval' where there is a content security policy.
  const view = new vega.View(vega.parse(compile(spec).spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: element === undefined ? 'none' : 'svg',
    ...(element === undefined ? {} : { container: element }),
    hover: false,
  });
  setRows(view, data);
  return view;
}

/** @param before what it has by now: of what is the same array nothing is drawn anew */
export function setRows(view: View, data: NamedRows, before: NamedRows = {}): void {
  for (const [name, rows] of Object.entries(data)) {
    if (rows !== before[name]) view.data(name, [...rows]);
  }
}

/** The value of the horizontal axis under a click; null outside of the frame. */
export function valueUnder(
  view: View,
  { clientX }: MouseEvent,
  element: HTMLElement,
): number | null {
  const svg = element.querySelector('svg');
  if (svg === null) return null;
  const { left, width } = svg.getBoundingClientRect();
  const across = ((clientX - left) * svg.viewBox.baseVal.width) / width - view.origin()[0];
  const padding = view.padding();
  const x = across - (typeof padding === 'number' ? padding : (padding.left ?? 0));
  if (x < 0 || x > view.width()) return null;
  return (view.scale('x') as { invert(x: number): number }).invert(x);
}

/** Dots per CSS pixel of a PNG: 300 dpi at the printed size. */
const PNG_SCALE = 300 / 96;

export async function toSvg(spec: TopLevelSpec, data: NamedRows): Promise<Blob> {
  const view = await makeView(spec, data);
  try {
    return new Blob([await view.toSVG()], { type: 'image/svg+xml' });
  } finally {
    view.finalize();
  }
}

export async function toPng(spec: TopLevelSpec, data: NamedRows): Promise<Blob> {
  const view = await makeView(spec, data);
  try {
    const canvas = await view.toCanvas(PNG_SCALE);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob === null ? reject(new Error('no PNG was made')) : resolve(blob)),
        'image/png',
      ),
    );
  } finally {
    view.finalize();
  }
}
