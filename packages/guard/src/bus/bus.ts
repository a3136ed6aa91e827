/** What a process hears from the others. */
export interface BusListener {
  /** Somebody published this on the channel; it may have been this process. */
  message(text: string): void;
  /** Listening again after the connection was lost: what was published in between was missed. */
  restored?(): void;
}

export interface BusSubscription {
  /** Resolves when the first message could be heard. Never rejects: a bus tries until it is closed. */
  readonly ready: Promise<void>;
  unsubscribe(): void;
}

/**
 * Tells all processes of a service something at once: through Redis (`redisBus`), PostgreSQL
 * (`postgresBus`), or whatever else has these methods. What is published while a process has no connection
 * does not reach it; `restored` tells it so.
 */
export interface Bus {
  /** Rejects when the message was not taken. */
  publish(channel: string, text: string): Promise<void>;
  subscribe(channel: string, listener: BusListener): BusSubscription;
  /** Ends what this bus has opened. */
  close(): Promise<void>;
}
