/** The three formats of every plot. Files have the light appearance, whatever the page has. */
import { downloadBlob } from '../components/download.js';

interface Props {
  readonly name: string;
  /** False before there is something to download. */
  readonly ready: boolean;
  readonly svg: () => Promise<Blob>;
  readonly png: () => Promise<Blob>;
  readonly csv: () => void;
}

export function Downloads({ name, ready, svg, png, csv }: Props) {
  return (
    <figcaption class="downloads">
      <span>Download</span>
      <button
        type="button"
        disabled={!ready}
        aria-label={`${name} as SVG`}
        onClick={async () => downloadBlob(`${name}.svg`, await svg())}
      >
        SVG
      </button>
      <button
        type="button"
        disabled={!ready}
        aria-label={`${name} as PNG`}
        onClick={async () => downloadBlob(`${name}.png`, await png())}
      >
        PNG
      </button>
      <button type="button" disabled={!ready} aria-label={`${name} as CSV`} onClick={csv}>
        CSV
      </button>
    </figcaption>
  );
}
