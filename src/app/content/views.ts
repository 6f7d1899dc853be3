/** The views, as the reader sees them. */
import type { View } from '../state/page.js';

export const viewTitles: Readonly<Record<View, string>> = {
  device: 'Device',
  map: 'Map',
  fluctuations: 'Fluctuations',
  figures: 'Figures',
  rectification: 'Rectification',
  evolution: 'Evolution',
  machines: 'Machines',
  performance: 'Performance',
};

/** Where a view's results begin: the id of what takes the focus of those who skip the controls. */
export const RESULTS = 'results';
