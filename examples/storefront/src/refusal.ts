export type RefusalCode =
  | 'bad-request'
  | 'payment-declined'
  | 'not-found'
  | 'sold-out'
  | 'unknown-product';

/** A request that the shop understands and says no to; its message is for the shopper. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
