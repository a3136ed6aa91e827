export { type RedisOptions, RedisServer, startRedis } from './redis-server.ts';
