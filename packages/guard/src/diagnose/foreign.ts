/** Errors of HTTP clients, caches, queues: their sockets and time-outs are not the database's. */
const FOREIGN_NAMES =
  /^(?:AxiosError|FetchError|HTTPError|GaxiosError|GotError|RequestError|ReplyError|MaxRetriesPerRequestError|Mongo\w*Error|KafkaJS\w*|SMTPError)$/;
const FOREIGN_MESSAGES = /^(?:fetch failed|socket hang up)$/;
const FOREIGN_STACK =
  /_http_client|internal\/deps\/undici|node_modules\/(?:undici|axios|ioredis|redis|mongodb)\//;

const FOREIGN_CLIENT =
  /\b(?:Get|Head|Post|Put) "https?:|node_modules\/(?:undici|axios|ioredis|redis|mongodb|mongoose|kafkajs|amqplib|nodemailer|stripe|\.pnpm\/(?:undici|axios|ioredis|redis|mongodb|kafkajs|stripe)@)|\b(?:Axios|Fetch|Gaxios|Got|MaxRetriesPerRequest|Mongo\w{0,30}|KafkaJS\w{0,30}|Stripe\w{0,30})Error\b|\b(?:Redis|RabbitMQ|Kafka|MongoDB|Elasticsearch|Memcached) (?:[Cc]onnection|[Cc]lient)\b|\bError: socket hang up\b/;

/**
 * Well-known ports of others: web, mail, Redis, MongoDB, Elasticsearch, AMQP, Kafka, ZooKeeper, NATS, memcached,
 * Beanstalk, StatsD, MySQL, SQL Server.
 */
const FOREIGN_PORTS = new Set([
  25, 80, 443, 465, 587, 1025, 2181, 4222, 8080, 8125, 11300, 6379, 26379, 27017, 9200, 5672, 9092,
  11211, 3306, 1433,
]);

const SOCKET_ERROR =
  /\b(?:connect|read|write|getaddrinfo) E[A-Z_]{3,20} (?:\S{1,200} )?\S{1,200}:(\d{1,5})\b/g;

export interface Origin {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: string;
  readonly port: unknown;
}

/** Whether the error certainly comes from something that is not the database. */
export function isForeign({ name, message, stack, code, port }: Origin): boolean {
  return (
    FOREIGN_NAMES.test(name) ||
    FOREIGN_MESSAGES.test(message) ||
    // A database's error may well be made in the callback of an HTTP client.
    (/^E[A-Z]/.test(code) && FOREIGN_STACK.test(stack)) ||
    code.startsWith('UND_ERR_') ||
    (typeof port === 'number' && FOREIGN_PORTS.has(port)) ||
    FOREIGN_PORTS.has(portInSocketMessage(message))
  );
}

/** Whether a text names such a client, in its words or its stack. */
export function namesForeignClient(text: string): boolean {
  return FOREIGN_CLIENT.test(text);
}

/** A text without the socket errors that name a port of another service. */
export function withoutForeignSockets(text: string): string {
  return text.replace(SOCKET_ERROR, (whole, port) =>
    FOREIGN_PORTS.has(Number(port)) ? '' : whole,
  );
}

function portInSocketMessage(message: string): number {
  return Number([...message.slice(0, 500).matchAll(SOCKET_ERROR)][0]?.[1]);
}
