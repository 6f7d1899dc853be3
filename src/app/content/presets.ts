/** The device of each of the paper's figures. */
import { figure4Parameters } from '../../figures/rectificationScan.js';
import { figure2Parameters } from '../../figures/temperatureScan.js';
import {
  type DeviceParameters,
  deviceParameters,
  type Truncation,
  truncation,
} from '../../model/parameters.js';

export interface Preset {
  readonly name: string;
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
}

const automatic = truncation();
const atRatio = (name: string, ratio: number): Preset => ({
  name,
  parameters: { ...figure2Parameters, beta2: Number((ratio * figure2Parameters.beta1).toFixed(6)) },
  truncation: automatic,
});
const rectifier = (name: string, chi: number): Preset => ({
  name,
  parameters: { ...figure4Parameters, beta2: 0.02, chi },
  truncation: automatic,
});
const figure7 = deviceParameters({
  beta1: 0.1,
  beta2: 0.02,
  betaR: 0.09,
  B1: 10,
  B2: 10,
  g: 1,
  chi: 0,
  lambda: 0.1,
  gamma: 5e-4,
  I: 1,
});

export const presets: readonly Preset[] = [
  atRatio('Fig. 2: engine, β₂/β₁ = 0.3', 0.3),
  atRatio('Fig. 2: accelerator, β₂/β₁ = 0.47', 0.47),
  atRatio('Fig. 2: refrigerator, β₂/β₁ = 0.7', 0.7),
  atRatio('Fig. 3: largest ergotropy, β₂/β₁ = 0.05', 0.05),
  rectifier('Fig. 4: heat rectifier, χ = 0.8', 0.8),
  rectifier('Fig. 5: angular momentum, χ = 0.4', 0.4),
  {
    name: 'Fig. 6: no load, the rotor runs away',
    parameters: { ...figure7, gamma: 0 },
    truncation: truncation({ lmin: -5, lmax: 10 }),
  },
  { name: 'Fig. 7: with the load', parameters: figure7, truncation: automatic },
  atRatio('Fig. 8: powers, β₂/β₁ = 0.8', 0.8),
];

const text = ({ parameters, truncation }: Pick<Preset, 'parameters' | 'truncation'>): string =>
  JSON.stringify([parameters, truncation]);
const texts = presets.map(text);

/** The preset that a device on its window is, where it is one. */
export const presetOf = (device: Pick<Preset, 'parameters' | 'truncation'>): Preset | undefined =>
  presets[texts.indexOf(text(device))];
