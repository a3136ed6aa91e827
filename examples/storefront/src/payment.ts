import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from './refusal.ts';

export interface Charge {
  readonly orderId: number;
  readonly amountCents: number;
}

/** The company that moves the money, reached over the internet. */
export interface PaymentGateway {
  /**
   * Charges an order once, however often it is asked to.
   * Rejects only when no money has moved: a gateway that doesn't know asks again before it rejects.
   */
  charge(charge: Charge): Promise<{ paymentId: string }>;
}

export interface SlowPaymentOptions {
  /** How long the gateway takes to answer, in milliseconds (default 300). */
  latencyMillis?: number;
  /** Which charges are declined (default none). */
  declines?: (charge: Charge) => boolean;
}

/** A gateway that takes as long as a real one, and moves no money. */
export function slowPayment(options: SlowPaymentOptions = {}): PaymentGateway {
  const { latencyMillis = 300, declines = () => false } = options;
  return {
    async charge(charge) {
      await wait(latencyMillis);
      if (declines(charge)) {
        throw new Refusal(
          'payment-declined',
          `The payment of order ${charge.orderId} was declined.`,
        );
      }
      return { paymentId: randomUUID() };
    },
  };
}
