/** How far a study is, or why it failed. */
import type { StudyState } from './study.js';

interface Props {
  readonly state: StudyState<unknown>;
  /** What is counted. */
  readonly what: string;
  readonly cancel: () => void;
}

export function StudyProgress({ state, what, cancel }: Props) {
  if (state.state === 'failed') {
    return (
      <p class="warning" role="alert">
        {state.why}
      </p>
    );
  }
  if (state.state !== 'running') return null;
  const { done, total } = state;
  return (
    <div class="progress">
      <progress {...(total === null ? {} : { value: done / total })} aria-label={what} />
      <p class="note">
        {done}
        {total === null ? '' : ` of ${total}`} {what}{' '}
        <button type="button" onClick={cancel}>
          Cancel
        </button>
      </p>
    </div>
  );
}
