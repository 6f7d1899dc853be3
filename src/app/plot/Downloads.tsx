/** The formats of every plot. Files have the light appearance, whatever the page has, and say where they come from. */

import type { Dataset } from '../../figures/dataset.js';
import { Button } from '../components/Button.js';
import { downloadBlob, downloadText } from '../components/download.js';
import { originOf } from '../export/origin.js';
import { page } from '../state/store.js';

/** What writes files is loaded with the first of them. */
const files = () => import('../export/files.js');

interface Props {
  readonly name: string;
  /** False before there is something to download. */
  readonly ready: boolean;
  /** What computed it, in the words of the page. */
  readonly by: string;
  readonly svg: () => Promise<Blob>;
  readonly png: () => Promise<Blob>;
  /** Null before it is there. */
  readonly dataset: () => Dataset | null;
  /** How many of its columns are axes of the others; 1 by default. */
  readonly axes?: number;
}

export function Downloads({ name, ready, by, svg, png, dataset, axes = 1 }: Props) {
  const origin = () => originOf(page.value, `${location.origin}${location.pathname}`, by);
  const formats: Readonly<Record<string, () => Promise<void>>> = {
    SVG: async () => {
      const { describedSvg } = await files();
      downloadBlob(`${name}.svg`, await describedSvg(await svg(), origin()));
    },
    PNG: async () => {
      const { describedPng } = await files();
      downloadBlob(`${name}.png`, await describedPng(await png(), origin()));
    },
    CSV: async () => {
      const numbers = dataset();
      if (numbers === null) return;
      const { describedCsv } = await files();
      downloadText(`${name}.csv`, 'text/csv', describedCsv(numbers, origin()));
    },
    netCDF: async () => {
      const numbers = dataset();
      if (numbers === null) return;
      const { netcdfFile } = await import('../export/netcdf.js');
      downloadBlob(`${name}.nc`, await netcdfFile(numbers, axes, origin()));
    },
  };
  return (
    <figcaption class="downloads">
      <span>Download</span>
      {Object.entries(formats).map(([format, download]) => (
        <Button
          key={format}
          disabled={!ready}
          aria-label={`${name} as ${format}`}
          onClick={download}
        >
          {format}
        </Button>
      ))}
    </figcaption>
  );
}
