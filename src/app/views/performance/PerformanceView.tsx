/** How fast this machine is at what the page does. */
import { Button } from '../../components/Button.js';
import { Card } from '../../components/Card.js';
import { downloadText } from '../../components/download.js';
import { Table } from '../../components/Table.js';
import { RESULTS } from '../../content/views.js';
import type { PerformanceResult } from '../../studies/performanceStudy.js';
import { StudyProgress } from '../../studies/StudyProgress.js';
import { study } from '../../studies/study.js';

const measurement = study<null, PerformanceResult>({
  call: (studies, _, report) => studies.performance(report),
});
const ROWS = 6;

const rateText = (rate: number): string =>
  Number(rate.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });

const columns = [
  { title: 'what' },
  { title: 'on' },
  { title: 'rate' },
  { title: 'one run' },
  { title: 'of the copy bandwidth' },
  { title: 'error' },
] as const;

function Measured({ result }: { readonly result: PerformanceResult }) {
  return (
    <Table label="Measurements" columns={columns} wide>
      {result.rows.map((row) => (
        <tr key={`${row.task} ${row.backend}`}>
          <th scope="row">{row.task}</th>
          <td>
            {row.backend} {row.precision}
            {row.adapter === null ? null : <small>{row.adapter}</small>}
          </td>
          <td data-rate={row.task}>
            {rateText(row.rate)} {row.unit}
          </td>
          <td>{row.seconds === 0 ? '' : `${(1e3 * row.seconds).toPrecision(3)} ms`}</td>
          <td>{row.share === null ? '' : `${Number((100 * row.share).toPrecision(2))} %`}</td>
          <td>{row.error === null ? '' : row.error.toExponential(1)}</td>
        </tr>
      ))}
    </Table>
  );
}

export function PerformanceView() {
  const { state } = measurement.turn.value;
  const result = measurement.answer.value?.result ?? null;
  const run = () => measurement.again(null);
  return (
    <Card
      label="Performance"
      id={RESULTS}
      title={
        <>
          On this machine
          <Button disabled={state === 'running'} onClick={run}>
            Measure
          </Button>
          {result !== null ? (
            <Button
              onClick={() =>
                downloadText(
                  'performance.json',
                  'application/json',
                  `${JSON.stringify(result, null, 2)}\n`,
                )
              }
            >
              JSON
            </Button>
          ) : null}
        </>
      }
    >
      <p class="note">
        Copies, products of the Lindbladian with ρ in the whole space (V = 1), and steady states of
        many devices. Rates of memory count bytes read and written; errors are relative differences
        from float64 on the CPU. The page measures best when nothing else runs.
      </p>
      <StudyProgress study={measurement} what="measurements" total={ROWS} />
      {result !== null ? (
        <>
          <Measured result={result} />
          {result.left.map((what) => (
            <p key={what} class="note">
              Left out: {what}.
            </p>
          ))}
        </>
      ) : null}
    </Card>
  );
}
