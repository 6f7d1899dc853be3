/** How far a study is, or why it failed, or that it was cancelled: always in the same place. */

import { Button } from '../components/Button.js';
import { useSeconds } from '../components/useSeconds.js';
import { Failure } from '../components/Warning.js';
import type { Newest } from '../state/newest.js';

interface Props<Request, Result> {
  readonly study: Pick<Newest<Request, Result>, 'turn' | 'done' | 'cancel' | 'retry'>;
  /** What is counted; null where nothing is. */
  readonly what: string | null;
  /** How much there will be, where that is known. */
  readonly total: number | null;
}

/** Seconds after which it is told how long it takes. */
const PATIENCE = 2;

/** How long it takes, from what is done of it. */
function timeText(seconds: number, share: number | null): string {
  if (seconds < PATIENCE) return '';
  if (share === null) return `, for ${seconds.toFixed(0)} s`;
  if (share === 0) return '';
  return `, about ${((seconds * (1 - share)) / share).toFixed(0)} s left`;
}

function News<Request, Result>({ study, what, total }: Props<Request, Result>) {
  const turn = study.turn.value;
  const seconds = useSeconds(turn.state === 'running');
  switch (turn.state) {
    case 'failed':
      return <Failure of={study} />;
    case 'cancelled':
      return (
        <p class="note">
          Cancelled. <Button onClick={() => study.retry()}>Compute</Button>
        </p>
      );
    case 'waiting':
    case 'running': {
      const done = study.done.value;
      const share = total === null ? null : done / total;
      const counted =
        what === null ? 'computing' : `${done}${total === null ? '' : ` of ${total}`} ${what}`;
      return (
        <>
          <progress
            {...(share === null ? {} : { value: share })}
            aria-label={what ?? 'computing'}
          />
          <p class="note">
            {counted}
            {timeText(seconds, share)} <Button onClick={() => study.cancel()}>Cancel</Button>
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
