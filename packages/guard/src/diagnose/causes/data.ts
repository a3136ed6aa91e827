import { either, type Family } from '../rule.ts';

const ERROR_REFERENCE = 'https://www.prisma.io/docs/orm/reference/error-reference';

/** The database works; the data says no. */
export const data: Family<'constraint' | 'not-found'> = {
  explanations: {
    constraint: {
      title: 'A constraint of the database refused the write',
      meaning:
        'The value breaks a rule of the schema: unique, foreign key, not null or check. Nothing was written.',
      causes: [
        'The row is already there: the same request came twice, or two at once.',
        'The row that a foreign key points to does not exist, or is still pointed at.',
        'A required value is missing or out of its range.',
      ],
      remedies: [
        {
          title: 'Expect the conflict instead of reading first: reading and then writing is a race',
          language: 'ts',
          code: 'await prisma.user.upsert({ where: { email }, create: { email, name }, update: { name } });',
        },
        {
          title: 'See what the constraint says',
          language: 'sql',
          code: `SELECT conname, conrelid::regclass AS table, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conname = 'User_email_key';`,
        },
      ],
      outcome: 'failed',
      transient: false,
      docs: ERROR_REFERENCE,
    },
    'not-found': {
      title: 'The record does not exist',
      meaning: 'The operation needs a record that is not there. Nothing was written.',
      causes: [
        'It was deleted meanwhile, or never existed.',
        'The filter names another record than meant (tenant, soft delete).',
        'It was written on the primary a moment ago and read from a replica that lags.',
      ],
      remedies: [
        {
          title: 'Answer 404, or write in a way that does not mind',
          language: 'ts',
          code: `const { count } = await prisma.post.updateMany({ where: { id }, data }); // no error when 0
if (count === 0) return notFound();`,
        },
      ],
      outcome: 'failed',
      transient: false,
      docs: ERROR_REFERENCE,
    },
  },
  rules: [
    {
      kind: 'constraint',
      codes: [
        ...['P2002', 'P2003', 'P2004', 'P2011', 'P2014'],
        ...['23000', '23001', '23502', '23503', '23505', '23514', '23P01'],
      ],
      text: either(
        /Unique constraint failed on the (?:fields|constraint|\(not available\))(?:: ?[`(][\w`, .]{1,100})?/,
        /A unique constraint would be violated on \w/,
        /Foreign key constraint (?:failed|violated)(?: on the|:)/,
        /Null constraint (?:failed|violation|violated) on the/,
        /violates (?:unique|foreign key|check|not-null|exclusion|RESTRICT setting of foreign key) constraint(?: "[^"\n]{1,100}")?/,
        /Sequelize(?:Unique|ForeignKey|Exclusion)ConstraintError/,
        // Slonik
        /Query violates a (?:unique|foreign key|not NULL|check) (?:exclusion |integrity )?constraint/,
      ),
    },
    {
      kind: 'not-found',
      codes: ['P2001', 'P2015', 'P2018', 'P2025'],
      text: either(
        /depends on one or more records that were required but not found/,
        /\bNotFoundError: No [A-Z]\w{0,60} found\b/,
        /Could not find any entity of type "[^"\n]{1,100}" matching/,
        /SequelizeEmptyResultError/,
      ),
    },
  ],
};
