// What a runner of the incidents needs. The application itself is a program to fork, so that nothing of Prisma is loaded here.
import { fileURLToPath } from 'node:url';

export { createSchema, type SqlClient } from './database/schema.ts';
export { type FillOptions, fillSchema } from './database/seed.ts';
export { fullSize, isPublished, type ShopSize } from './database/size.ts';
export {
  type Arrival,
  type Incident,
  incidents,
  type RequestContext,
  type Stream,
} from './incidents.ts';

/** The program to fork: it sends `{ type: 'ready', port }` and answers `{ type: 'stats' }` with `{ type: 'stats', stats }`. */
export const serverFile = fileURLToPath(new URL('./server.js', import.meta.url));
