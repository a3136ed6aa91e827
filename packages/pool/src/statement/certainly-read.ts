import { tokenize } from './tokenize.ts';

/** What a statement may begin with that only reads. `EXPLAIN ANALYZE` executes. */
const READING_COMMANDS = new Set(['select', 'values', 'table', 'with', 'show']);

/** Of a WITH, and of SELECT INTO. A column of such a name makes it a write as well. */
const WRITING_WORDS = new Set(['insert', 'update', 'delete', 'merge', 'into']);

const words = (text: string) => text.trim().split(/\s+/);

/** May stand before a parenthesis without being a function. */
const KEYWORDS = words(`
  all and any array as between by case cube distinct else except exists filter from group having ilike in
  intersect is join lateral like limit materialized not offset on or over recursive rollup row select sets some
  then union using values when where with
  bit bpchar char character decimal float interval numeric time timestamp timestamptz timetz varbit varchar`);

/** PostgreSQL's own functions that leave nothing behind (the advisory locks and sequences do). */
const FUNCTIONS = words(`
  abs age any_value array_agg array_append array_cat array_length array_position array_remove array_to_string avg
  bool_and bool_or btrim cardinality cast ceil ceiling char_length clock_timestamp coalesce concat concat_ws corr
  count cume_dist current_database current_schema current_setting date_bin date_part date_trunc decode dense_rank
  encode every extract first_value floor format gen_random_uuid generate_series generate_subscripts greatest
  grouping initcap json_agg json_array_elements json_array_elements_text json_build_array json_build_object
  json_object_agg jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
  jsonb_build_object jsonb_each jsonb_each_text jsonb_exists jsonb_extract_path jsonb_extract_path_text
  jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_query jsonb_path_query_array jsonb_set
  jsonb_strip_nulls jsonb_typeof lag last_value lead least left length lower lpad ltrim make_date make_interval
  make_timestamp max md5 min mod mode now nth_value ntile nullif octet_length overlay percent_rank percentile_cont
  percentile_disc pg_current_wal_lsn pg_database_size pg_is_in_recovery pg_last_wal_replay_lsn pg_relation_size
  pg_size_pretty pg_sleep pg_table_size pg_total_relation_size pg_typeof phraseto_tsquery plainto_tsquery position
  power random rank regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table repeat
  replace reverse right round row_number row_to_json rpad rtrim sha256 sign similarity split_part sqrt
  statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array strpos substr substring sum to_char
  to_date to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector translate trim trunc ts_headline ts_rank
  ts_rank_cd unnest upper var_pop var_samp variance version websearch_to_tsquery width_bucket word_similarity`);

const HARMLESS = new Set([...KEYWORDS, ...FUNCTIONS]);

/**
 * Whether a text is certainly one statement that changes nothing: one reading command whose functions are all
 * PostgreSQL's own and known to be harmless. A function of the application's own may write, and so may a
 * procedure behind a rule or a view; of what stands in the text, the first is taken for a write.
 */
export function isCertainlyRead(sql: string): boolean {
  let command: string | undefined;
  let hasEnded = false;
  let last = '';
  let lastIsWord = false;
  let isQualified = false;
  for (const { kind, text } of tokenize(sql)) {
    if (kind === 'semicolon') {
      hasEnded = true;
      continue;
    }
    if (hasEnded || kind === 'unclear') return false;
    if (command === undefined && text !== '(') {
      command = kind === 'word' ? text : '';
      if (!READING_COMMANDS.has(command)) return false;
    }
    if (kind === 'word' && WRITING_WORDS.has(text)) return false;
    if (text === '(' && lastIsWord && (isQualified || !HARMLESS.has(last))) return false;
    if (kind === 'word') isQualified = last === '.';
    lastIsWord = kind === 'word';
    last = text;
  }
  return command !== undefined;
}
