export { FaultProxy, type FaultProxyOptions, startFaultProxy } from './fault-proxy.ts';
export {
  FaultProxyProcess,
  type FaultProxyProcessOptions,
  startFaultProxyProcess,
} from './fault-proxy-process.ts';
export type { Delays, Faults } from './faults.ts';
export type { ProxyConnection } from './proxy-connection.ts';
