/** By adapter and driver, and then by what is chosen: the name of the fastest. */
export type KeptChoices = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where choices are kept. What is not there, not readable or not writable is measured again. */
export interface ChoiceStore {
  /** For people: a file, or a part of the browser. */
  readonly place: string;
  read(): Promise<KeptChoices>;
  update(change: (kept: KeptChoices) => KeptChoices): Promise<void>;
}
