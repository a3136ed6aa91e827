import { expect, test } from 'vitest';
import { type Report, runCell } from './cell.ts';
import type { FaultWorld } from './fault-world.ts';
import { FAULTS } from './faults.ts';
import type { Stage } from './stages.ts';

/** One column of the matrix: each fault strikes a pool that is at this stage. */
export function testFaults(stage: Stage, openWorld: () => Promise<FaultWorld>): void {
  for (const fault of FAULTS) {
    test(`${fault.name} × ${stage.name}`, async ({ annotate }) => {
      await using world = await openWorld();
      const report = await runCell(world, fault, stage);
      // Shown by `--reporter=verbose`.
      await annotate(describeReport(report));
      expect(report.violations).toEqual([]);
    });
  }
}

function describeReport({ latestMillis, recoveryMillis }: Report): string {
  const late = latestMillis > 0 ? `${Math.round(latestMillis)} ms late` : 'in time';
  const served =
    recoveryMillis === undefined
      ? ''
      : `; served again ${Math.round(recoveryMillis)} ms after the fault was over`;
  return `the latest caller was told ${late}${served}`;
}
