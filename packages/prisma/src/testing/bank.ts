import { retryable } from '../transaction/retryable.ts';
import type { Library } from './library.ts';

type Client = ReturnType<Library['open']>['prisma'];

export const ACCOUNTS = 1_000;
export const BALANCE = 1_000_000;

export const BANK_TABLES = `
  CREATE TABLE "Account" (id int PRIMARY KEY, balance int NOT NULL);
  CREATE TABLE "Transfer" (
    id serial PRIMARY KEY, ref int NOT NULL, "fromId" int NOT NULL, "toId" int NOT NULL, amount int NOT NULL
  );
  INSERT INTO "Account" SELECT i, ${BALANCE} FROM generate_series(1, ${ACCOUNTS}) i`;

export interface Transfer {
  readonly ref: number;
  readonly fromId: number;
  readonly toId: number;
  readonly amount: number;
}

type Way = (prisma: Client, transfer: Transfer) => Promise<unknown>;

const take = ({ fromId, amount }: Transfer) => ({
  where: { id: fromId },
  data: { balance: { decrement: amount } },
});
const give = ({ toId, amount }: Transfer) => ({
  where: { id: toId },
  data: { balance: { increment: amount } },
});

const interactive =
  (options: object): Way =>
  (prisma, transfer) =>
    prisma.$transaction(async (tx) => {
      await tx.account.update(take(transfer));
      await tx.account.update(give(transfer));
      await tx.transfer.create({ data: transfer });
    }, options);

const batch: Way = (prisma, transfer) =>
  prisma.$transaction(
    [
      prisma.account.update(take(transfer)),
      prisma.account.update(give(transfer)),
      prisma.transfer.create({ data: transfer }),
    ],
    retryable(),
  );

const statement: Way = (prisma, { ref, fromId, toId, amount }) => prisma.$executeRaw`
  WITH noted AS (
    INSERT INTO "Transfer" (ref, "fromId", "toId", amount) VALUES (${ref}, ${fromId}, ${toId}, ${amount})
  )
  UPDATE "Account"
  SET balance = balance + CASE WHEN id = ${toId} THEN ${amount}::int ELSE -${amount}::int END
  WHERE id IN (${fromId}, ${toId})`;

/** As applications move money, each way all or nothing; the cheap one oftener, for the sake of the suite. */
const WAYS: readonly Way[] = [
  interactive({}),
  interactive(retryable()),
  interactive(retryable({ isolationLevel: 'Serializable', attempts: 5 })),
  ...Array<Way>(2).fill(batch),
  ...Array<Way>(7).fill(statement),
];

export function wayOf({ ref }: Transfer): Way {
  return WAYS[ref % WAYS.length] ?? statement;
}
