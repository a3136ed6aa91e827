import { expect, test } from 'vitest';
import { Schema } from './schema.ts';

const schema = new Schema(`
generator client { provider = "prisma-client" }

model User {
  id      Int     @id @default(autoincrement())
  email   String  @unique // model Fake { id Int }
  data    Json    @default("{}")
  orders  Order[]
  sent    Message[] @relation("sent")
  got     Message[] @relation("got")
  @@map("users")
}

/// Orders of a user
model Order {
  id     Int   @id
  userId Int   @map("user_id")
  user   User  @relation(fields: [userId], references: [id], onDelete: Cascade)
  tags   String[]
  @@unique([id, userId])
}

model Message {
  id     Int  @id
  fromId Int
  toId   Int
  from   User @relation("sent", fields: [fromId], references: [id])
  to     User @relation("got", fields: [toId], references: [id])
}
`);

test('knows fields, lists, what is unique, and foreign keys', () => {
  expect(schema.field('User', 'email')).toMatchObject({ type: 'String', isUnique: true });
  expect(schema.field('Order', 'userId')).toMatchObject({ isUnique: false, isList: false });
  expect(schema.field('Order', 'tags')).toMatchObject({ type: 'String', isList: true });
  expect(schema.field('Order', 'user')?.foreignKey).toEqual({
    fields: ['userId'],
    references: ['id'],
  });
  expect(schema.field('Fake', 'id')).toBeUndefined();
  expect(schema.field('Order', 'id')?.isUnique).toBe(true);
});

test('knows which fields are relations', () => {
  const relations = ['id', 'userId', 'user', 'tags'].filter((name) => {
    const field = schema.field('Order', name);
    return field && schema.isRelation(field);
  });
  expect(relations).toEqual(['user']);
});

test('finds the relation by which an include reaches the same rows', () => {
  expect(schema.relationsTo('Order', 'User', 'id')).toEqual(['user']);
  expect(schema.relationsTo('Order', 'User', 'email')).toEqual([]);
  expect(schema.relationsTo('Message', 'User', 'id')).toEqual(['from', 'to']);
  expect(schema.relationsFrom('User', 'Order', 'userId')).toEqual(['orders']);
  expect(schema.relationsFrom('User', 'Order', 'id')).toEqual([]);
});

test('between two models with several relations it claims nothing', () => {
  expect(schema.relationsFrom('User', 'Message', 'fromId')).toEqual([]);
});

test('of a text that is no schema nothing is known', () => {
  expect(new Schema('').field('User', 'id')).toBeUndefined();
  expect(new Schema('model User {').relationsFrom('User', 'Order', 'userId')).toEqual([]);
});
