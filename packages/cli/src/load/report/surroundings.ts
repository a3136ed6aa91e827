import type { LoadResult } from '../result/result.ts';
import type { ReportOptions } from './text.ts';

/** What the database and the application's pool did meanwhile, where they were looked at. */
export function surroundings(_result: LoadResult, _options: ReportOptions): string[] {
  return [];
}
