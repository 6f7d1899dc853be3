/** How far a study is, or why it failed, or that it was cancelled: always in the same place. */
import type { Study } from './study.js';

interface Props {
  readonly study: Study<unknown>;
  /** What is counted. */
  readonly what: string;
  readonly again: () => void;
}

function News({ study, what, again }: Props) {
  const state = study.state.value;
  switch (state.state) {
    case 'failed':
      return (
        <p class="warning" role="alert">
          {state.why}
        </p>
      );
    case 'cancelled':
      return (
        <p class="note">
          Cancelled.{' '}
          <button type="button" onClick={again}>
            Compute
          </button>
        </p>
      );
    case 'running': {
      const { done, total } = state;
      return (
        <>
          <progress {...(total === null ? {} : { value: done / total })} aria-label={what} />
          <p class="note">
            {done}
            {total === null ? '' : ` of ${total}`} {what}{' '}
            <button type="button" onClick={() => study.cancel()}>
              Cancel
            </button>
          </p>
        </>
      );
    }
    default:
      return null;
  }
}

export const StudyProgress = (props: Props) => (
  <div class="progress study">
    <News {...props} />
  </div>
);
