/** Three stories of a few steps, each of which sets the device as one reads. A test holds what they say against numbers. */
import { type DeviceInput, deviceParameters } from '../../model/parameters.js';

export interface Step {
  readonly text: string;
  /** What is not at its default. */
  readonly device: DeviceInput;
}

export type StoryName = 'engine' | 'equal' | 'rotor';

export interface Story {
  readonly name: StoryName;
  readonly title: string;
  readonly steps: readonly Step[];
}

const equal = { beta1: 0.1, beta2: 0.1, betaR: 0.1 } as const;

export const STORIES: readonly Story[] = [
  {
    name: 'engine',
    title: 'Make it an engine',
    steps: [
      {
        device: { beta2: 0.09 },
        text: 'Bath 2 is only a little hotter than bath 1. The qubits 2B apart decide: B₂ is larger than B₁, so that an excitation that goes from 1 to 2 lacks energy. Work comes in, and pumps heat out of the cold bath: a refrigerator.',
      },
      {
        device: { beta2: 0.047 },
        text: 'Bath 2 is hotter now. Heat flows by itself from hot to cold, but work is still put in: an accelerator. Look at the curves: you are between two borders.',
      },
      {
        device: { beta2: 0.03 },
        text: 'Hotter still, and the purple arrow turns round: work comes out. An engine, with the efficiency η = 0.187; two baths alone would allow 0.7.',
      },
      {
        device: { beta2: 0.031 },
        text: 'Close to here η is largest. Turn β₂ by yourself, or click at the curves, and see how little there is to gain.',
      },
    ],
  },
  {
    name: 'equal',
    title: 'Why equal temperatures cost work',
    steps: [
      {
        device: equal,
        text: 'All three baths are equally hot, and yet heat and work flow. In the local model each bath resets its qubit as if the other and the rotor were not there; to switch that coupling on and off again costs work.',
      },
      {
        device: { ...equal, B1: 10 },
        text: 'With equal qubits, B₁ = B₂, an exchange costs no energy of theirs. The heat of both is gone; what is left of the work turns the rotor, and the load takes it.',
      },
      {
        device: { ...equal, model: 'global' },
        text: 'In the semi-global model the baths know the energies of the whole. No work is left, and the heat is less than a hundredth: it comes from the load, which still acts locally.',
      },
    ],
  },
  {
    name: 'rotor',
    title: 'Where the rotor is',
    steps: [
      {
        device: {},
        text: 'Without a potential no angle is preferred: the ring is equally wide all around, whatever the arm does. What the engine gives the rotor is seen in its levels, which lean to the right.',
      },
      {
        device: { V: 20 },
        text: 'A potential V cos φ holds the rotor at φ = π, to the left, where it is lowest. It turns more slowly: it has to be kicked over the hill. A steady state takes a second now.',
      },
      {
        device: { V2: 20 },
        text: 'A potential V₂ cos 2φ has two valleys, above and below. The rotor is in both, and on average at no side.',
      },
    ],
  },
];

export const STORY_NAMES = STORIES.map(({ name }) => name);

export const storyOf = (name: string): Story | undefined =>
  STORIES.find((story) => story.name === name);

export const deviceOf = ({ device }: Step) => deviceParameters(device);
