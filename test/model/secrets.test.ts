import assert from "node:assert/strict";
import {
  classifyValue,
  findUrlPasswords,
  isBuildKitSecretName,
  isDummy,
  judgeAssignment,
  redact,
  secretName,
  type ValueKind,
} from "../../server/model/secrets.ts";

const env = (name: string, value?: string) => judgeAssignment({ name, value, kind: "env" }).verdict;
const arg = (name: string, value?: string) => judgeAssignment({ name, value, kind: "arg" }).verdict;

// Put together here, so that no scanner takes this file for a leak.
const ACCESS_KEY_ID = `AKIA${"Q7ZT4MHW2RVB6NXC"}`;
const STRIPE_KEY = `sk_${"live"}_${"4eC39HqLyjWDarjtT1zdp7dc"}`;
const LITERAL = "k9Xw2mQp7Lr4";

const SECRET_NAMES = `
  DB_PASSWORD POSTGRES_PASSWORD MYSQL_ROOT_PASSWORD MYSQL_PASSWORD PGPASSWORD REDIS_PASSWORD RABBITMQ_DEFAULT_PASS
  REDIS_PASS SMTP_PWD DB_PASS pass PASS VNC_PW BB_PSW PASSPHRASE GPG_PASSPHRASE SECRET_PASSPHRASE PASS_PHRASE ROOT_PASSWD
  NPM_TOKEN GITHUB_TOKEN GH_TOKEN GH_PAT GITHUB_PAT HF_TOKEN SLACK_BOT_TOKEN AWS_SESSION_TOKEN VAULT_TOKEN CI_JOB_TOKEN
  TOKEN_BOT AUTH_TOKENS
  AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID VITE_AWS_ACCESS_KEY_ID S3_ACCESS_KEY_ID MINIO_SECRET_KEY VAULT_SECRET_ID
  JWT_SECRET SECRET_KEY_BASE DJANGO_SECRET_KEY API_KEY OPENAI_API_KEY openai_api_key STRIPE_SECRET_KEY
  STRIPE_SECRET_KEY_TEST ENCRYPTION_KEY PRIVATE_KEY SSH_PRIVATE_KEY SSH_PRIVATE_KEY_BASE64 GPG_PRIVATE_KEY SIGNING_KEY
  RAILS_MASTER_KEY NEW_RELIC_LICENSE_KEY SWIFT_SIGNING_KEY APP_KEY DEPLOY_KEY WRITE_KEY SEGMENT_WRITE_KEY CSRF_KEY
  VAULT_CLIENT_KEY git_key AZURE_CLIENT_SECRET GOOGLE_APPLICATION_CREDENTIALS GIT_CREDENTIALS AUTH auth NPM_AUTH
  ACCESSTOKEN MYSECRET OKTA_OAUTH2_CLIENTSECRET S3SECRETACCESSKEY ADMINPASSWORD DBPASS dbPassword clientSecret apiKey
  app-secret spring.datasource.password DB_PASSWORD_2 TOKEN1 MY_API_KEY_PROD super_duper_secret_token apikey password secret
`;

const OTHER_NAMES = `
  PUBLIC_KEY SSH_PUB_KEY public_token STRIPE_PUBLISHABLE_KEY NEXT_PUBLIC_API_KEY NEXT_PUBLIC_STRIPE_KEY AUTHORIZED_KEYS
  DB_SECRET_FILE SECRET_PASSPHRASE_FILE password_file secret_File AWS_WEB_IDENTITY_TOKEN_FILE HF_TOKEN_PATH
  AUTH_MODULE_VERSION GOPASS_VERSION SSH_AUTH_SOCK SSH_AUTH_PROXY_SOCK SSH_KEY_DIR GOPRIVATE KMS_KEY_ALIAS KEY_NAME
  TRAVIS_OS_NAME TRAVIS_SUDO TRAVIS_SECURE_ENV_VARS FACEBOOK_APP_ID STRIPE_DEVICE_NAME AZURE_CLIENT_ID OAUTH_CLIENT_ID
  USERNAME DB_USERNAME DOCKER_USERNAME OS_USERNAME DOCKER_EMAIL CI_DEPLOY_USER
  CACHE_KEY NGINX_CACHE_KEY SORT_KEY ROUTING_KEY KEY XDEBUG_IDE_KEY RSA_KEY_SIZE TOKENIZERS_PARALLELISM MAX_TOKENS
  MAX_TOKEN EOS_TOKEN SCYLLA_NUM_TOKENS TOKEN_TTL TOKEN_ENDPOINT ACCESS_TOKEN_EXPIRY PASSWORD_POLICY PASSWORD_LENGTH
  GPG_KEY GPG_KEYS TINI_GPG_KEY WORDPRESS_CLI_GPG_KEY BITCOIN_PGP_KEY APT_KEY APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE
  ALLOW_EMPTY_PASSWORD MYSQL_ALLOW_EMPTY_PASSWORD MYSQL_RANDOM_ROOT_PASSWORD DISABLE_AUTH USE_TOKEN NO_PASSWORD
  SECRET_KEY_BASE_DUMMY ANSIBLE_HOST_KEY_CHECKING SMTP_AUTH OS_AUTH_URL SECRET_NAME SECRET_STORE_URL SENTRY_DSN
  SLACK_WEBHOOK_URL DATABASE_URL PWD OLDPWD COMPASS BYPASS NOTSECRET MONKEY PRIVATE_REGISTRY CC PATH NODE_ENV
`;

describe("secretName", () => {
  for (const name of SECRET_NAMES.trim().split(/\s+/)) {
    it(`says that ${name} names a secret`, () => assert.notEqual(secretName(name), undefined));
  }
  for (const name of OTHER_NAMES.trim().split(/\s+/)) {
    it(`says that ${name} does not`, () => assert.equal(secretName(name), undefined));
  }

  it("gives the word", () => {
    assert.equal(secretName("NPM_TOKEN"), "TOKEN");
    assert.equal(secretName("dbPassword"), "PASSWORD");
    assert.equal(secretName("SECRET_KEY_BASE"), "KEY");
    assert.equal(secretName("S3SECRETACCESSKEY"), "S3SECRETACCESSKEY");
  });

  it("takes any text", () => {
    for (const name of ["", "_", "__", "1", "$X", "é", "🎉_TOKEN", "A".repeat(100_000), "aB".repeat(50_000)])
      secretName(name);
  });
});

describe("classifyValue", () => {
  const kinds: [ValueKind, (string | undefined)[]][] = [
    ["absent", [undefined]],
    ["empty", ["", "  ", "none", "null"]],
    [
      "reference",
      ["$X", "${X}", "${X:-}", "$A$B", "$USER:$PASS", "$(cat /run/secrets/token)", "arn:aws:iam::1:role/x"],
    ],
    [
      "url",
      [
        "https://acme.io/x?page=2",
        "https://$HOST/v1",
        "redis://cache:6379",
        "postgres://u:$PW@db/x",
        "git+ssh://git@h.io/x",
      ],
    ],
    [
      "path",
      [
        "/run/secrets/token",
        "./key",
        "~/.ssh/id_rsa",
        "$HOME/key",
        "${DIR}/x",
        "server.pem",
        "keys/dev",
        "C:\\key",
        ".npmrc",
      ],
    ],
    ["version", ["1.8.5", "v2", "3.1.4-r1", "2.0.0rc1", "2026-01-31"]],
    ["boolean", ["true", "Yes", "off", "1"]],
    ["number", ["4096", "3600s", "30 min", "12.5"]],
    ["fingerprint", ["A1B2C3D4E5F60718", "0xA1B2C3D4E5F60718", "A1B2 C3D4 E5F6 0718 293A  4B5C 6D7E 8F90 1122 3344"]],
    ["public", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "-----BEGIN PUBLIC KEY-----", "sha256:0011aabb"]],
    [
      "placeholder",
      ["changeme", "<token>", "xxxxxxxx", "your-api-key", "${X:-changeme}", "postgres://u:password@db/x"],
    ],
    ["secret", [ACCESS_KEY_ID, STRIPE_KEY, `https://u:${LITERAL}@h.io`, `https://h.io/?api_key=${LITERAL}`]],
    [
      "literal",
      [LITERAL, `\${X:-${LITERAL}}`, "correct horse battery staple", "/Ab3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5lM7"],
    ],
  ];
  for (const [kind, values] of kinds) {
    for (const value of values) it(`${value} is ${kind}`, () => assert.equal(classifyValue(value), kind));
  }

  it("is quick with long values", () => {
    for (const part of ["a", "A", "a-", "x://a:", "http://a:b@", "$A", "?a=", "/a"]) classifyValue(part.repeat(20_000));
  });
});

describe("judgeAssignment", () => {
  it("convicts a literal under the name of a secret", () => {
    for (const name of ["DB_PASSWORD", "NPM_TOKEN", "API_KEY", "SECRET_KEY_BASE", "NPM_AUTH"]) {
      assert.equal(env(name, LITERAL), "secret");
      assert.equal(arg(name, LITERAL), "secret");
    }
  });

  it("convicts a secret by its form, whatever the name", () => {
    for (const value of [
      ACCESS_KEY_ID,
      STRIPE_KEY,
      `redis://:${LITERAL}@cache.acme.io`,
      `postgres://app:${LITERAL}@db/x`,
    ]) {
      assert.equal(env("DATABASE_URL", value), "secret");
      assert.equal(arg("REDIS_URL", value), "secret");
    }
  });

  it("calls a dummy a placeholder, and for ARG what may follow it possible", () => {
    for (const value of ["changeme", "password", "example", "dummy", "xxx", "<token>", "REPLACE_WITH_YOUR_OWN", "db"]) {
      assert.equal(env("DB_PASSWORD", value), "placeholder", value);
      assert.equal(arg("GITHUB_TOKEN", value), "possible", value);
    }
    assert.equal(env("MYSQL_PASSWORD", "mysql"), "placeholder");
    assert.equal(env("ICECAST_ADMIN_PASSWORD", "${ICECAST_ADMIN_PASSWORD:-admin}"), "placeholder");
    assert.equal(env("POSTGRES_PASSWORD", "123456"), "placeholder");
    assert.equal(env("DATABASE_URL", "postgres://user:pass@127.0.0.1/x"), "placeholder");
    assert.equal(env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), "placeholder");
  });

  it("calls an ARG without a value possible, and an empty ENV nothing", () => {
    for (const name of ["NPM_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "SECRET_PASSPHRASE", "auth"]) {
      assert.equal(arg(name), "possible");
      assert.equal(arg(name, ""), "possible");
      assert.equal(env(name, ""), "none");
    }
  });

  it("follows a variable to its name", () => {
    assert.equal(env("NPM_TOKEN", "$NPM_TOKEN"), "secret");
    assert.equal(env("TOKEN", "${CI_TOKEN:-}"), "secret");
    assert.equal(arg("TOKEN", "$CI_TOKEN"), "possible");
    assert.equal(env("DB_PASSWORD", "$SOMETHING"), "none");
  });

  it("clears what is no secret by its form", () => {
    assert.equal(env("DB_PASSWORD", "/run/secrets/db_password"), "none");
    assert.equal(env("GOOGLE_APPLICATION_CREDENTIALS", "./gcp-key.json"), "none");
    assert.equal(env("SSL_KEY", "server.pem"), "none");
    assert.equal(env("OAUTH_TOKEN", "https://auth.acme.io/token"), "none");
    assert.equal(env("AUTH_TOKEN", "1.8.5"), "none");
    assert.equal(env("SSH_PASSWORD", "false"), "none");
    assert.equal(env("REFRESH_TOKEN", "3600s"), "none");
    assert.equal(env("SSH_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"), "none");
    assert.equal(env("AUTH", "sha512"), "none");
    assert.equal(env("SENTRY_DSN", "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2"), "none");
  });

  it("clears the fingerprint of a key, but not of what is never published", () => {
    const fingerprint = "A62AE125BBBFBB96A6E042EC925CC1CCED3D1561";
    assert.equal(env("SWIFT_SIGNING_KEY", fingerprint), "none");
    assert.equal(arg("SIGNING_KEY", `0x${fingerprint}`), "none");
    for (const name of ["API_KEY", "SECRET_KEY", "NPM_TOKEN"]) assert.equal(env(name, fingerprint), "secret");
  });

  it("takes a number for a password, but not for a key", () => {
    assert.equal(env("ROOT_PASSWORD", "483920"), "secret");
    assert.equal(env("SESSION_KEY", "4096"), "none");
  });

  it("takes names that say little with values that say much", () => {
    assert.equal(env("STATS_AUTH", `admin:${LITERAL}`), "secret");
    assert.equal(env("STATS_AUTH", "stats:stats"), "placeholder");
    assert.equal(env("SMTP_AUTH", "login"), "none");
    assert.equal(env("NEO4J_AUTH", `neo4j/${LITERAL}`), "secret");
    assert.equal(env("DEPLOYER_KEY", `0x${"4f".repeat(12)}${"9a3c71".repeat(6)}${"0d7e"}`), "secret");
    assert.equal(env("NAVER_KEY", "RZxc0f7jT4PDX3E6yiKT"), "secret");
    assert.equal(env("GPG_KEY", "c61b346552dc5e0cb53aa84f59147497"), "none");
    assert.equal(env("CACHE_KEY", "$uri"), "none");
  });

  it("says why without the value", () => {
    for (const value of [LITERAL, STRIPE_KEY, `https://u:${LITERAL}@h.io`, "changeme", "/run/secrets/x"]) {
      const { reason } = judgeAssignment({ name: "NPM_TOKEN", value, kind: "env" });
      assert.match(reason, /\w/);
      assert.ok(!reason.includes(value.slice(0, 8)), reason);
    }
  });
});

describe("findUrlPasswords", () => {
  const found = (text: string) =>
    findUrlPasswords(text).map((each) => [text.slice(each.start, each.end), each.placeholder]);

  it("finds what is written out", () => {
    assert.deepEqual(
      found(`🎉 https://u:${LITERAL}@h.io/x redis://:${LITERAL}@c.io:1 postgres://a:p%40ss!9z@[2001:db8::1]/x`),
      [
        [LITERAL, false],
        [LITERAL, false],
        ["p%40ss!9z", false],
      ],
    );
    assert.deepEqual(found("https://deploy:deploy649@git.acme.io/x"), [["deploy649", false]]);
  });

  it("marks defaults and hosts that are only local", () => {
    for (const [url, password] of [
      ["http://user:pass@127.0.0.1", "pass"],
      ["mysql://app:app@db/app", "app"],
      ["postgres://build:sunshine@localhost:5432/x", "sunshine"],
      ["https://user:password@acme.io", "password"],
      [`https://u:${LITERAL}@example.com`, LITERAL],
    ] as const) {
      assert.deepEqual(found(url), [[password, true]]);
    }
    assert.deepEqual(found(`postgres://app:${LITERAL}@db/x`), [[LITERAL, false]]);
  });

  it("leaves variables, image references and ports alone", () => {
    for (const text of [
      "https://u:$PW@h.io https://u:${PW}@h.io https://$U:$(cat /run/secrets/x)@h.io https://u:{{pw}}@h.io https://u:<pw>@h.io",
      "docker://nginx:1.25@sha256:0123456789abcdef",
      "http://h.io:8080/@scope/x ssh://git@h.io:22/x https://h.io/a:b@c",
    ]) {
      assert.deepEqual(found(text), []);
    }
  });
});

describe("isDummy", () => {
  it("knows what is to be replaced", () => {
    for (const value of [
      "your-token-here",
      "AKIAXXXXXXXXXXXXXXXX",
      "not-a-secret",
      "ChangeThisDefault",
      "**None**",
      "0123456789",
    ]) {
      assert.ok(isDummy(value), value);
    }
  });
  it("lets the rest stand", () => {
    for (const value of [LITERAL, STRIPE_KEY, "correct horse battery", "9f86d081884c7d65"])
      assert.ok(!isDummy(value), value);
  });
});

describe("redact", () => {
  it("shows nothing of a short one, and four characters of a long one", () => {
    assert.equal(redact("hunter2"), "***");
    assert.equal(redact("a".repeat(19)), "***");
    assert.equal(redact(STRIPE_KEY), "sk_l***");
    assert.equal(redact(`\n\u001b🎉${"a".repeat(20)}`), "*******");
  });
});

describe("BuildKit's SecretsUsedInArgOrEnv", () => {
  it("is followed by name", () => {
    // The names of BuildKit's own test.
    for (const name of "SECRET_PASSPHRASE SUPER_Secret password secret super_duper_secret_token auth apikey git_key".split(
      " ",
    )) {
      assert.ok(isBuildKitSecretName(name), name);
      assert.notEqual(secretName(name), undefined, name);
    }
    for (const name of "PUBLIC_KEY public_token SECRET_PASSPHRASE_FILE password_file secret_File AUTH_MODULE_VERSION sunflower".split(
      " ",
    )) {
      assert.ok(!isBuildKitSecretName(name), name);
      assert.equal(secretName(name), undefined, name);
    }
    for (const name of ["API_KEYS", "DB_PASS", "PGPASSWORD", "dbPassword", "API-KEY", "TOKENS", "KEYFILE"]) {
      assert.ok(!isBuildKitSecretName(name), name);
    }
  });

  it("is left where its users disagree with it", () => {
    const names =
      "KMS_KEY_ALIAS KEY_NAME CACHE_KEY SORT_KEY SSH_AUTH_SOCK SSH_KEY_DIR GPG_KEY ALLOW_EMPTY_PASSWORD SSH_PUB_KEY KEY";
    for (const name of names.split(" ")) {
      assert.ok(isBuildKitSecretName(name), name);
      assert.equal(secretName(name), undefined, name);
    }
    assert.ok(isBuildKitSecretName("git_key"));
    assert.equal(env("git_key", ""), "none");
  });
});
