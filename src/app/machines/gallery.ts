/** The files of the gallery's machines: loaded with the view that shows them. */
import type { MachineName } from '../content/machines.js';

const texts = import.meta.glob<string>('../../../machines/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const machineText = (name: MachineName): string => texts[`../../../machines/${name}.yaml`];
