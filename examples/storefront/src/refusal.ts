export type RefusalCode =
  | 'bad-request'
  | 'payment-declined'
  | 'not-found'
  | 'not-signed-in'
  | 'sold-out'
  | 'unavailable'
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

export function notSignedIn(): Refusal {
  return new Refusal('not-signed-in', 'Sign in first.');
}

/** Not the shopper's fault, and not the end of the session: 503 and not 401, which would sign everybody out. */
export function unavailable(): Refusal {
  return new Refusal('unavailable', 'The shop cannot tell just now who you are. Try again.');
}
