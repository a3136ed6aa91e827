import { jsonReport } from '../../frame/json.ts';
import { LOAD_JSON_VERSION, type LoadResult } from '../result/result.ts';

export function renderJson(result: LoadResult): string {
  return jsonReport('load', LOAD_JSON_VERSION, result);
}
