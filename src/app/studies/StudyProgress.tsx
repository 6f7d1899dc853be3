/** How far a study is, or why it failed, or that it was cancelled: always in the same place. */
import type { Newest } from '../state/newest.js';

interface Props<Request, Result> {
  readonly study: Newest<Request, Result>;
  /** What is counted. */
  readonly what: string;
  /** How much there will be, where that is known. */
  readonly total: number | null;
  readonly again: () => void;
}

function News<Request, Result>({ study, what, total, again }: Props<Request, Result>) {
  const turn = study.turn.value;
  switch (turn.state) {
    case 'failed':
      return (
        <p class="warning" role="alert">
          {turn.why}
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
    case 'waiting':
    case 'running': {
      const done = study.done.value;
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

export const StudyProgress = <Request, Result>(props: Props<Request, Result>) => (
  <div class="progress study">
    <News {...props} />
  </div>
);
