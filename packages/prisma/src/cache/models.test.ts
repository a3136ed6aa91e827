import { expect, test } from 'vitest';
import { Models } from './models.ts';

const scalar = (name: string) => ({ name, kind: 'scalar', type: 'Int' });
const relation = (name: string, type: string) => ({ name, kind: 'object', type });
const models = new Models({
  models: {
    Author: { fields: [scalar('id'), relation('books', 'Book')] },
    Book: { fields: [scalar('id'), relation('author', 'Author'), relation('copies', 'Copy')] },
    Copy: { fields: [scalar('id'), relation('book', 'Book')] },
  },
});

test.each([
  [{ where: { id: 1 } }, ['Book']],
  [undefined, ['Book']],
  [{ include: { author: true } }, ['Book', 'Author']],
  [{ select: { author: { select: { books: { take: 1 } } } } }, ['Book', 'Author']],
  [{ where: { OR: [{ copies: { some: { id: 1 } } }] } }, ['Book', 'Copy']],
  [{ orderBy: [{ author: { id: 'asc' } }] }, ['Book', 'Author']],
  [{ include: { _count: { select: { copies: true } } } }, ['Book', 'Copy']],
  [{ include: { _count: true } }, ['Book', 'Author', 'Copy']],
  [{ select: { copies: { select: { _count: true } } } }, ['Book', 'Copy']],
  [{ by: ['title'], _count: true }, ['Book']],
])('an answer depends on the models in its arguments: %j', (args, expected) => {
  expect([...models.read('Book', args)]).toEqual(expected);
});

test.each([
  [
    'update',
    { where: { author: { id: 1 } }, data: { title: 'x' }, include: { author: true } },
    ['Book'],
  ],
  ['create', { data: { author: { connect: { id: 1 } } } }, ['Book', 'Author']],
  ['create', { data: { copies: { create: [{ book: { create: {} } }] } } }, ['Book', 'Copy']],
  [
    'upsert',
    { create: { author: { create: {} } }, update: { copies: { deleteMany: {} } } },
    ['Book', 'Author', 'Copy'],
  ],
  ['deleteMany', undefined, ['Book']],
])('%s writes what its data names: %j', (operation, args, expected) => {
  expect([...models.written('Book', operation, args)]).toEqual(expected);
});

test('a model’s table is what it is mapped to, or its name', () => {
  const mapped = new Models({
    models: { User: { fields: [], dbName: 'users' }, Tag: { fields: [], dbName: null } },
  });
  expect(mapped.tableOf('User')).toBe('users');
  expect(mapped.tableOf('Tag')).toBe('Tag');
  expect(mapped.tableOf('Nobody')).toBeUndefined();
});
