import { testSequences } from './testing/model/test-sequences.ts';

testSequences(0);
