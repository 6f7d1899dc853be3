/** Guided stories: a paragraph at a time, and the device that it speaks of. */

import { truncation } from '../../../model/parameters.js';
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { deviceOf, STORIES, type Story, storyOf } from '../../content/stories.js';
import { page, takeDevice } from '../../state/store.js';

/** Shows a step of a story, with its device. */
function tell({ name, steps }: Story, step: number): void {
  takeDevice({
    parameters: deviceOf(steps[step]),
    truncation: truncation(),
    settings: { ...page.value.settings, story: name, step },
  });
}

function end(): void {
  const { parameters, settings } = page.value;
  takeDevice({ parameters, settings: { ...settings, story: '', step: 0 } });
}

function Told({ story }: { readonly story: Story }) {
  const step = Math.min(page.value.settings.step, story.steps.length - 1);
  const isLast = step === story.steps.length - 1;
  return (
    <Card label="Story" kind="story" title={story.title}>
      <p aria-live="polite">{story.steps[step].text}</p>
      <div class="steps">
        <Button disabled={step === 0} onClick={() => tell(story, step - 1)}>
          Back
        </Button>
        <Button disabled={isLast} onClick={() => tell(story, step + 1)}>
          Next
        </Button>
        <Button onClick={end}>Close</Button>
        <span class="note">
          {step + 1} of {story.steps.length}
        </span>
      </div>
    </Card>
  );
}

export function Stories() {
  const story = storyOf(page.value.settings.story);
  if (story !== undefined) return <Told story={story} />;
  return (
    <p class="steps story">
      {STORIES.map((one) => (
        <Button key={one.name} onClick={() => tell(one, 0)}>
          {one.title}
        </Button>
      ))}
    </p>
  );
}
