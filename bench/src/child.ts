/** A process for one measurement: what it leaves behind weighs on no other. */
import { caseNamed } from './cases/index.ts';
import type { Assignment, Report } from './messages.ts';

// It holds for what no measurement waits for as well, such as an idle connection that is lost.
process.on('uncaughtException', (error) => answer({ error: error.message }));
process.on('unhandledRejection', (error) => answer({ error: String(error) }));
process.on('disconnect', () => process.exit());
process.once('message', ({ caseName, peer, setup }: Assignment) => {
  caseNamed(caseName)
    .measure(peer, setup)
    .then(
      (values) => answer({ values }),
      (error: Error) => answer({ error: error.message }),
    );
});

/** Then it ends, with its connections: closing them well is not what is measured. */
function answer(report: Report): void {
  process.send?.(report, () => process.exit());
}
