import { useFaultServer } from '../testing/faults/fault-server.ts';
import { testFaults } from '../testing/faults/matrix.ts';
import { STAGES } from '../testing/faults/stages.ts';

testFaults(STAGES.idle, useFaultServer());
