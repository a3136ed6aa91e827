export {
  REDIS_LIMIT_MILLIS,
  type RedisOptions,
  RedisServer,
  startRedis,
} from './redis-server.ts';
