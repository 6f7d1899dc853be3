/** Files that say where they come from: tables, drawings and pictures. */
import { type Dataset, toCsv } from '../../figures/dataset.js';
import { withMetadata } from '../../figures/pngMetadata.js';
import { type Origin, originText } from './origin.js';

/** Lines of a table that hold no rows begin with this, as pandas and R are told by `comment="#"`. */
const REMARK = '# ';

/** A table below its origin and the meaning of each column. */
export function describedCsv(dataset: Dataset, origin: Origin): string {
  const columns = dataset.columns.map(
    ({ name, unit, description }) => `${name}${unit === '' ? '' : ` [${unit}]`}: ${description}`,
  );
  const remarks = [...originText(origin).split('\n'), ...columns];
  return `${remarks.map((line) => `${REMARK}${line}\n`).join('')}${toCsv(dataset)}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPES[sign]);

export async function describedSvg(svg: Blob, origin: Origin): Promise<Blob> {
  const metadata = `<metadata>${escaped(originText(origin))}</metadata>`;
  const text = (await svg.text()).replace(/<svg\b[^>]*>/, (tag) => `${tag}${metadata}`);
  return new Blob([text], { type: 'image/svg+xml' });
}

/** Dots per inch of every picture of the page. */
const PNG_DPI = 300;

export async function describedPng(png: Blob, origin: Origin): Promise<Blob> {
  const bytes = new Uint8Array(await png.arrayBuffer());
  const [, ...rest] = origin;
  const metadata = { Software: origin[0][1], Description: originText(rest) };
  return new Blob([withMetadata(bytes, PNG_DPI, metadata)], { type: 'image/png' });
}
