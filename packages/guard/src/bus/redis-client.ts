/** What the bus needs of a client that listens; ioredis has it. */
export interface RedisSubscriber {
  /** `ready` when it is connected, `wait` when it first has to be told to. */
  readonly status: string;
  connect(): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  ping(): Promise<unknown>;
  on(event: 'message', listener: (channel: string, text: string) => void): unknown;
  on(event: 'ready' | 'close' | 'error', listener: (error?: Error) => void): unknown;
  /** `true`: and connect again. */
  disconnect(reconnect?: boolean): void;
}

/** What the bus needs of your client, such as `new Redis(url)` of ioredis. */
export interface RedisBusClient {
  publish(channel: string, text: string): Promise<unknown>;
  /** A client with the same settings: one that listens can do nothing else. */
  duplicate(override: { autoResubscribe: boolean }): RedisSubscriber;
}
