import { describeServer } from './testing/describe-server.ts';

describeServer(15);
