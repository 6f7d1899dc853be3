/** What the page shows, to take along: for the command line, for scripts, for a bibliography, as an address. */

import { useState } from 'preact/hooks';
import { FORMS, type Form } from '../export/forms.js';
import { page } from '../state/store.js';
import { Button } from './Button.js';
import { Choice } from './Choice.js';
import { downloadText } from './download.js';

/** How long a button says that it is done. */
const SAID_MS = 2000;

export function Recipe() {
  const [chosen, choose] = useState<Form>(FORMS[0]);
  const [said, say] = useState('');
  const refusedOf = (form: Form) => form.refused?.(page.value) ?? null;
  const copy = async (what: string, text: string) => {
    await navigator.clipboard.writeText(text);
    say(what);
    setTimeout(() => say(''), SAID_MS);
  };
  const refused = refusedOf(chosen);
  return (
    <div class="recipe">
      <Choice
        title="Take along as"
        value={FORMS.indexOf(chosen)}
        options={FORMS.map((form, k) => {
          const why = refusedOf(form);
          return [k, why === null ? form.title : `${form.title} (${why})`, why !== null];
        })}
        choose={(k) => choose(FORMS[k])}
      />
      <Button
        disabled={refused !== null}
        onClick={async () => downloadText(chosen.file, chosen.type, await chosen.text(page.value))}
      >
        Download
      </Button>
      <Button
        disabled={refused !== null}
        onClick={async () => copy('text', await chosen.text(page.value))}
      >
        {said === 'text' ? 'Copied' : 'Copy'}
      </Button>
      <Button onClick={() => copy('address', location.href)}>
        {said === 'address' ? 'Copied' : 'Copy address'}
      </Button>
    </div>
  );
}
