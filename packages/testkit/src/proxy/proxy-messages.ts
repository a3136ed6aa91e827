import type { FaultProxy, FaultProxyOptions } from './fault-proxy.ts';

/** The faults that a proxy in another process can be asked for. */
export type FaultName =
  | 'delay'
  | 'throttle'
  | 'truncate'
  | 'halfOpen'
  | 'blackHole'
  | 'reset'
  | 'refuse'
  | 'accept'
  | 'heal';

export type FaultArguments<Name extends FaultName> = Parameters<FaultProxy[Name]>;

export type ProxyRequest =
  | { readonly kind: 'start'; readonly options: FaultProxyOptions }
  | { readonly kind: 'fault'; readonly name: FaultName; readonly args: readonly unknown[] };

/** Each request is answered by one reply, in order. */
export type ProxyReply =
  | { readonly kind: 'done'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string };
