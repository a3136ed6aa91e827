import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useTestPools, warmUp } from './testing/test-pools.ts';

const pools = useTestPools();
const spans = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const tracer = provider.getTracer('test');
const instrumentation = new PgInstrumentation({ addSqlCommenterCommentToQueries: true });
const definitions = instrumentation.getModuleDefinitions().filter(({ name }) => name === 'pg');

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  instrumentation.setTracerProvider(provider);
  for (const { patch } of definitions) patch?.(pg);
});
beforeEach(() => spans.reset());
afterAll(() => {
  for (const { unpatch } of definitions) unpatch?.(pg);
});

/** Does `work` as one request; the statements of it, each with whether it failed. */
async function traced(name: string, work: () => Promise<unknown>): Promise<void> {
  await tracer.startActiveSpan(name, async (span) => {
    try {
      await work();
    } finally {
      span.end();
    }
  });
}

/** The statements of each request, and which of them failed. */
function statementsOf(name: string): string[] {
  const finished = spans.getFinishedSpans();
  const request = finished.find((span) => span.name === name);
  return finished
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === request?.spanContext().spanId)
    .filter(({ name }) => name.startsWith('pg.query'))
    .map(({ attributes, status }) => {
      const { 'db.statement': old, 'db.query.text': text = old } = attributes;
      return `${text}${status.code === 2 ? ' failed' : ''}`;
    });
}

describe('OpenTelemetry’s instrumentation of pg', () => {
  test('sees each statement of the shared lane, in the request that it is of', async () => {
    const pool = pools.open({ max: 1, multiplexDepth: 2 });
    const text = 'SELECT $1::int AS n';
    await warmUp(pool, text, [0]);
    spans.reset();
    const names = ['a', 'b', 'c', 'd', 'e'];
    // More than go at once: some are sent when others' answers come.
    await Promise.all(
      names.map((name, n) =>
        traced(name, () => Promise.all([pool.query(text, [n]), pool.query(text, [n])])),
      ),
    );
    for (const name of names) expect(statementsOf(name)).toEqual([text, text]);
  });

  test('sees what fails, and what can’t be sent', async () => {
    const pool = pools.open({ max: 1 });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await traced('request', async () => {
      await pool.query('SELECT broken').catch(() => {});
      await pool.query('SELECT $1::json', [circular]).catch(() => {});
    });
    expect(statementsOf('request')).toEqual(['SELECT broken failed', 'SELECT $1::json failed']);
  });

  test('sees a transaction as it is sent, and takes no BEGIN from it', async () => {
    const pool = pools.open({ max: 1 });
    await pools.admin('CREATE TABLE kept (n int)');
    await traced('request', async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('INSERT INTO kept VALUES ($1)', [1]);
      expect((client as unknown as { getTransactionStatus(): string }).getTransactionStatus()).toBe(
        'T',
      );
      await client.query('ROLLBACK');
      client.release();
    });
    expect((await pool.query('SELECT n FROM kept')).rows).toEqual([]);
    expect(statementsOf('request')).toEqual([
      'INSERT INTO kept VALUES ($1)',
      expect.stringMatching(/^ROLLBACK/),
    ]);
  });

  test('is not told of what the pool asks for itself', async () => {
    const pool = pools.open({ max: 1 });
    await pools.open().query('SELECT 0');
    spans.reset();
    await traced('request', () => pool.query('SELECT 1'));
    expect(statementsOf('request')).toEqual(['SELECT 1']);
    expect(spans.getFinishedSpans().map(({ name }) => name)).not.toContain('pg.query:');
  });
});
