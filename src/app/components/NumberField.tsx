/** A number to type. What is no number, or not allowed, stays as it was typed and says why. */
import { useEffect, useState } from 'preact/hooks';
import { EntryError, readNumber } from '../content/readNumber.js';
import { page, replaced } from '../state/store.js';

interface Props {
  /** Of the input, for its label. */
  readonly id: string;
  /** As messages call it. */
  readonly name: string;
  /** Empty where it is null. */
  readonly value: number | null;
  /** The values that are allowed, for messages. */
  readonly allowed: string;
  /** Takes a number; throws an error that says why where it cannot. */
  readonly take: (value: number) => void;
  readonly disabled?: boolean;
  readonly placeholder?: string;
  readonly size?: number;
}

/** What may stand in arithmetic: every parameter that is a number. */
function names(): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = { pi: Math.PI };
  for (const [name, value] of Object.entries(page.value.parameters)) {
    if (typeof value === 'number') numbers[name] = value;
  }
  return numbers;
}

export function NumberField({ id, name, value, allowed, take, ...input }: Props) {
  const [wrong, setWrong] = useState<{ text: string; why: string } | null>(null);
  // What was typed was about the value that stood there.
  useEffect(() => setWrong(null), [value, replaced.value]);

  const enter = (field: HTMLInputElement) => {
    const text = field.value;
    try {
      const entered = readNumber(text, names());
      take(entered);
      field.value = String(entered);
      setWrong(null);
    } catch (error) {
      const { message } = error as Error;
      const why =
        error instanceof EntryError ? `${name} = ${text}: must be ${allowed}. ${message}` : message;
      setWrong({ text, why });
    }
  };
  const shown = value === null ? '' : String(value);
  return (
    <>
      <input
        {...input}
        id={id}
        type="text"
        inputMode="text"
        spellcheck={false}
        autocomplete="off"
        value={wrong?.text ?? shown}
        aria-invalid={wrong !== null}
        aria-describedby={wrong === null ? undefined : `${id}-wrong`}
        onChange={(event) => enter(event.currentTarget)}
      />
      {wrong === null ? null : (
        <span id={`${id}-wrong`} class="wrong" role="alert">
          {wrong.why}
        </span>
      )}
    </>
  );
}
