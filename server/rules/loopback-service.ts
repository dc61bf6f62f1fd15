import type { Stage } from "../model/stage.ts";
import { defineRule } from "./rule.ts";
import { isLoopback } from "./transfer.ts";

export default defineRule({
  id: "loopback-service",
  category: "correctness",
  severity: "info",
  weight: "low",
  aliases: [],
  concerns: "container",
  judges: "stage",

  *check({ finalStage }) {
    if (!finalStage) return;
    // What an image that is not known brings, it may also start.
    if (finalStage.base.distribution === undefined) return;
    const instructions = finalStage.effective().filter(({ keyword }) => keyword === "ENV");
    for (const instruction of instructions) {
      for (const { key, value, range } of instruction.pairs) {
        const service = serviceOf(key.value);
        const known = value && finalStage.expand(value.text, instruction);
        if (!service || known === undefined || !hostsOf(known).some(isLoopback)) continue;
        // A later one counts.
        if (
          instructions.some(
            (other) => other.range.start > range.start && other.pairs.some((pair) => pair.key.value === key.value),
          )
        )
          continue;
        if (runsInside(finalStage, service) || isOwnPort(finalStage, known)) continue;
        yield {
          at: range,
          message: `\`${key.value}\` points to the container itself, where no such service runs`,
          refusal: "the service's name is only known where the container is started, by Compose or Kubernetes",
        };
      }
    }
  },
});

/** Names that a program also has for a part of itself. */
const OWN = /^(?:API|BACKEND|UPSTREAM|AUTH|GATEWAY)$/;

/** What a service is called in the names of variables, and how it is known elsewhere in a Dockerfile. */
const SERVICES: readonly (readonly [name: RegExp, mentioned: RegExp])[] = [
  [/^(?:POSTGRES(?:QL)?|PG)$/, /postgres|\bpg_ctl/i],
  [/^(?:MYSQL|MARIADB)$/, /mysql|mariadb/i],
  [
    /^(?:DATABASE|DB|SQL|SQLALCHEMY|JDBC|DATASOURCE)$/,
    /postgres|mysql|mariadb|mongo|mssql|sqlserver|cockroach|\bh2\b|derby/i,
  ],
  [/^(?:MONGO|MONGODB)$/, /mongo/i],
  [/^(?:REDIS|VALKEY|CACHE)$/, /redis|valkey|keydb|memcached/i],
  [/^(?:RABBITMQ|AMQP|RABBIT)$/, /rabbitmq/i],
  [/^(?:CELERY|BROKER)$/, /redis|rabbitmq|valkey/i],
  [/^(?:KAFKA|ZOOKEEPER)$/, /kafka|zookeeper/i],
  [/^(?:ELASTICSEARCH|ELASTIC|OPENSEARCH|ES)$/, /elastic|opensearch/i],
  [/^(?:MEMCACHED?|MEMCACHIER)$/, /memcache/i],
  [/^(?:MINIO|S3)$/, /minio|localstack/i],
  [
    /^(?:NATS|CONSUL|ETCD|VAULT|KEYCLOAK|QDRANT|WEAVIATE|MILVUS|INFLUX(?:DB)?|CLICKHOUSE|NEO4J|CASSANDRA|COUCHDB|OLLAMA|SOLR)$/,
    /nats|consul|etcd|vault|keycloak|qdrant|weaviate|milvus|influx|clickhouse|neo4j|cassandra|couchdb|ollama|solr/i,
  ],
  [/^(?:SMTP|MAIL|EMAIL)$/, /postfix|exim|sendmail|mailhog|mailpit|msmtp/i],
  [OWN, /supervisor|s6-|foreman|honcho|pm2|concurrently/i],
];

/** Read by a browser, whose own machine is meant. */
const BROWSER =
  /^(?:REACT_APP|VITE|NEXT_PUBLIC|NUXT_PUBLIC|NUXT_ENV|VUE_APP|GATSBY|EXPO_PUBLIC|PUBLIC|NG_APP|STORYBOOK)_/;

/** How the service that a variable names is mentioned; `undefined`: it names none. */
function serviceOf(variable: string): RegExp | undefined {
  const name = variable.toUpperCase();
  if (BROWSER.test(name)) return undefined;
  if (name === "PGHOST") return SERVICES[0]![1];
  const words = name.split("_");
  if (
    !/^(?:URL|URI|HOST|HOSTNAME|HOSTS|ADDR|ADDRESS|ENDPOINT|ENDPOINTS|DSN|SERVER|SERVERS|BROKER|BROKERS|NODES|BACKEND)$/.test(
      words.at(-1)!,
    )
  )
    return undefined;
  // `CELERY_RESULT_BACKEND`, `SPRING_DATASOURCE_URL`
  const before = words.slice(0, -1);
  if (before.some((word) => /^(?:BIND|LISTEN|PUBLIC|EXTERNAL|CALLBACK|REDIRECT|ALLOWED|CORS|BASE|NO)$/.test(word)))
    return undefined;
  const found = before.findIndex((word) => SERVICES.some(([service]) => service.test(word)));
  // `ACME_API_URL` may be the program's own.
  if (found === -1 || (found > 0 && OWN.test(before[found]!))) return undefined;
  return SERVICES.find(([service]) => service.test(before[found]!))![1];
}

/** The hosts of an address, of a list of them, or of a host alone. */
function hostsOf(value: string): readonly string[] {
  if (/^(?:file|sqlite[\w+]*|unix|memory):/i.test(value) || value.startsWith("/")) return [];
  return value
    .split(",")
    .map((one) => /^(?:[a-z][a-z0-9+.:-]*:\/\/)?(?:[^/@\s]*@)?(\[[\da-f:.]+\]|[^/:?#\s]+)/i.exec(one.trim())?.[1] ?? "")
    .filter((host) => host !== "0.0.0.0" && !/[$`]/.test(host));
}

/** The port is that of the container's own program. */
function isOwnPort(stage: Stage, value: string): boolean {
  const port = /:(\d+)(?:\/|$)/.exec(value)?.[1];
  const exposed = stage
    .effective()
    .filter(({ keyword }) => keyword === "EXPOSE")
    .flatMap((instruction) =>
      instruction.arguments.map((word) => stage.resolve(word, instruction)?.replace(/\/.*/, "")),
    );
  return port !== undefined && (exposed.includes(port) || stage.environmentBefore().get("PORT") === port);
}

/** The image itself names such a service: as its base, a package, a copy or a command. */
function runsInside(stage: Stage, mentioned: RegExp): boolean {
  if (stage.lineage.some(({ image }) => image && mentioned.test(image.reference))) return true;
  return stage
    .effective()
    .filter(({ keyword }) => /^(?:RUN|COPY|ADD|CMD|ENTRYPOINT)$/.test(keyword))
    .some(({ range }) => isServer(stage.dockerfile.text.slice(range.start, range.end), mentioned));
}

/** Clients and drivers aside. */
function isServer(text: string, mentioned: RegExp): boolean {
  const rest = text.replace(
    /[\w.@/-]*(?:client|libpq|psycopg|driver|pdo|php\d*[.\d]*-|lib[\w]*-dev|pg_isready|-dev\b|pymysql|pymongo|py-?redis|ioredis|pip\d? install[^&\n]*|wait-for[\w-]*)[\w.-]*/gi,
    "",
  );
  return mentioned.test(rest) || /supervisord|s6-overlay|runsvdir|\bforeman\b|\bhoncho\b/.test(rest);
}
