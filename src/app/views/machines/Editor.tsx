/** The file of the machine that the page shows: of the gallery, or one's own as it is written. */
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { Choice } from '../../components/Choice.js';
import { downloadText } from '../../components/download.js';
import { MACHINES, type MachineName } from '../../content/machines.js';
import { changeSettings, page } from '../../state/store.js';

const texts = import.meta.glob<string>('../../../../machines/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** What is written, or the file of the gallery where nothing is. */
export const shownText = (): string => {
  const { machine: name, yaml } = page.value.settings;
  return yaml === '' ? texts[`../../../../machines/${name}.yaml`] : yaml;
};

/** Whoever types is not done at every letter: milliseconds that are waited for. */
export const TYPING = 400;

/** @param why what is wrong with the file; null where nothing is */
export function Editor({ why }: { readonly why: string | null }) {
  const { machine: name, yaml } = page.value.settings;
  return (
    <Card label="Machine file" kind="parameters">
      <Choice<MachineName | ''>
        title="Machine"
        value={yaml === '' ? name : ''}
        options={[
          ...(yaml === '' ? [] : [['', `own, begun with ${name}`, true] as const]),
          ...MACHINES.map((one) => [one, one] as const),
        ]}
        choose={(machine) => machine !== '' && changeSettings({ machine, yaml: '' })}
      />
      <label class="choice">
        <span>Its file, to change</span>
        <textarea
          class="file"
          spellcheck={false}
          rows={28}
          value={shownText()}
          aria-invalid={why !== null}
          onInput={(event) =>
            changeSettings({ yaml: event.currentTarget.value }, { settled: false })
          }
          onChange={(event) => changeSettings({ yaml: event.currentTarget.value })}
        />
      </label>
      <div class="recipe">
        <Button onClick={() => downloadText('machine.yaml', 'text/yaml', shownText())}>
          Download
        </Button>
      </div>
      <p class="note">
        <code>qmill steady --machine machine.yaml</code> solves it on the command line. Nothing in
        the file is executed.
      </p>
    </Card>
  );
}
