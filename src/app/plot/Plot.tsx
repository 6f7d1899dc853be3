/** A plot by its Vega-Lite specification: drawn, kept up with its data, and downloadable. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../figures/dataset.js';
import { dark } from '../state/appearance.js';
import { forAppearance } from './appearance.js';
import { Downloads } from './Downloads.js';
import { fitted, isOnePanel, type Size } from './fitted.js';
import { makeView, type NamedRows, setRows, toPng, toSvg, valueUnder } from './vega.js';

const noRows: NamedRows = {};
/** A plot is drawn anew when its place has changed by so many pixels, and scaled in between. */
const STEP = 16;

interface Props {
  /** What the plot shows, for those who do not see it. */
  readonly label: string;
  /** Of the files it downloads as. */
  readonly name: string;
  /** Kept by the caller between renderings: a new one is drawn from the start. */
  readonly spec: TopLevelSpec;
  /** Rows of the specification's named data sets; null before they are there. */
  readonly data?: NamedRows | null;
  /** Null before it is there. */
  readonly dataset: () => Dataset | null;
  /** How many of its columns are axes of the others; 1 by default. */
  readonly axes?: number;
  /** What computed it, for its files. */
  readonly by: string;
  /** Width over height, reserved before anything is drawn. */
  readonly ratio: number;
  /** Told the value of the horizontal axis where its one panel is clicked. */
  readonly pick?: (x: number) => void;
}

export function Plot({
  label,
  name,
  spec,
  data = noRows,
  dataset,
  axes = 1,
  by,
  ratio,
  pick,
}: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<View | null>(null);
  const known = data ?? noRows;
  const rows = useRef(known);
  rows.current = known;
  /** What the view has. */
  const drawn = useRef(known);
  const ready = data !== null;
  const redraw = () => {
    if (view.current === null || drawn.current === rows.current) return;
    setRows(view.current, rows.current, drawn.current);
    drawn.current = rows.current;
    void view.current.runAsync();
  };
  const picked = useRef(pick);
  picked.current = pick;
  const isDark = dark.value;
  const onePanel = isOnePanel(spec);
  const [size, setSize] = useState<Size | null>(null);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = element;
      // Not laid out yet.
      if (clientWidth < STEP || clientHeight === 0) return;
      const width = Math.floor(clientWidth / STEP) * STEP;
      const height = Math.floor((width * clientHeight) / clientWidth);
      setSize((last) =>
        last?.width === width && last.height === height ? last : { width, height },
      );
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = place.current;
    if (element === null || size === null || !ready) return undefined;
    const shown = onePanel ? fitted(spec, size) : spec;
    let gone = false;
    let made: View | null = null;
    drawn.current = rows.current;
    // What is there stays until this is drawn: Vega begins with a picture of no size, which would fill the place.
    const sheet = document.createElement('div');
    void makeView(forAppearance(shown, isDark), drawn.current, sheet).then(async (fresh) => {
      made = fresh;
      if (gone) {
        fresh.finalize();
        return;
      }
      await fresh.runAsync();
      if (gone) return;
      element.replaceChildren(sheet);
      view.current = fresh;
      // They may have changed since.
      redraw();
      fresh.addEventListener('click', (event) => {
        const x = valueUnder(fresh, event as MouseEvent, element);
        if (x !== null) picked.current?.(x);
      });
    });
    return () => {
      gone = true;
      view.current = null;
      made?.finalize();
    };
  }, [spec, isDark, ready, onePanel ? size : size === null]);

  useEffect(redraw, [data]);

  return (
    <figure class="plot">
      <div class={onePanel ? undefined : 'scrolling'}>
        {/* Vega names what it draws in, and every mark: said once is better. */}
        <div role="img" aria-label={label}>
          <div
            ref={place}
            class={`drawing ${onePanel ? 'panel' : 'panels'}${pick === undefined ? '' : ' picked'}`}
            aria-hidden="true"
            style={{ aspectRatio: String(ratio) }}
          />
        </div>
      </div>
      <Downloads
        name={name}
        ready={ready}
        svg={() => toSvg(spec, known)}
        png={() => toPng(spec, known)}
        by={by}
        dataset={dataset}
        axes={axes}
      />
    </figure>
  );
}
