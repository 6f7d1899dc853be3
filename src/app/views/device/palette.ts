/** The colours of the machine's diagram; files have the light ones. */

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
