/** How far a study has come: points done. */
export type Report = (done: number) => void;

const REPORT_MS = 80;

/** Reports at most so often, lest the page does nothing but listen. */
export function seldom(report: Report): Report {
  let last = 0;
  return (done) => {
    const now = performance.now();
    if (now - last < REPORT_MS) return;
    last = now;
    report(done);
  };
}
