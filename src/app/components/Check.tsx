/** Something that is so or not, in a line with what it is. */

interface Props {
  readonly title: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly choose: (checked: boolean) => void;
}

export const Check = ({ title, checked, disabled = false, choose }: Props) => (
  <label class="inline">
    <input
      type="checkbox"
      checked={checked}
      disabled={disabled}
      onChange={(event) => choose(event.currentTarget.checked)}
    />
    {title}
  </label>
);
