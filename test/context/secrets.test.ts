import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { findSecretValues } from "../../server/context/secrets.ts";

const ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const BASE64 = `${ALPHANUMERIC}+/`;

/** Made up, and the same each time; put together here so that no scanner takes this file for a leak. */
function madeUp(length: number, alphabet = ALPHANUMERIC): string {
  return Array.from({ length }, (_, i) => alphabet[(i * 7 + i * i * 13 + 5) % alphabet.length]).join("");
}

const GITHUB = `${"gh"}p_${madeUp(36)}`;
const KEY_HEAD = `-----BEGIN RSA ${"PRIVATE"} KEY-----`;
const KEY_TAIL = `-----END RSA ${"PRIVATE"} KEY-----`;
const KEY = [KEY_HEAD, `MIIE${madeUp(60, BASE64)}`, madeUp(64, BASE64), madeUp(64, BASE64), KEY_TAIL];

/** What stands between ⟦ and ⟧ is the secret. */
const FOUND: readonly (readonly [kind: string, text: string])[] = [
  ["an AWS access key id", `ENV ID=⟦AKIA${madeUp(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}⟧`],
  ["an AWS secret access key", `ENV AWS_SECRET_ACCESS_KEY=⟦${madeUp(40, BASE64)}⟧`],
  ["an AWS secret access key", `ENV AWS_SECRET_ACCESS_KEY ⟦${madeUp(40, BASE64)}⟧`],
  ["an AWS secret access key", `RUN aws configure set aws_secret_access_key ⟦${madeUp(40, BASE64)}⟧`],
  ["an AWS secret access key", `{ "SecretAccessKey": "⟦${madeUp(40, BASE64)}⟧" }`],
  ["a GitHub token", `RUN curl -H "Authorization: Bearer ⟦${GITHUB}⟧" https://api.github.com`],
  ["a GitHub token", `LABEL token=⟦github${"_pat_"}${madeUp(82)}⟧`],
  ["a GitHub token", `RUN git clone https://x-access-token:⟦${GITHUB}⟧@github.com/acme/app`],
  ["a token in a URL", `RUN git clone https://⟦${madeUp(40, "0123456789abcdef")}⟧:x-oauth-basic@github.com/acme/app`],
  ["a token in a URL", `RUN git clone https://⟦${madeUp(40, "0123456789abcdef")}⟧@github.com/acme/app`],
  ["a GitLab token", `ENV T=⟦gl${"pat-"}${madeUp(20)}⟧`],
  ["a GitLab token", `ENV T=⟦gl${"dt-"}${madeUp(20)}⟧`],
  ["an npm token", `ENV T=⟦np${"m_"}${madeUp(36)}⟧`],
  ["a password of an npm registry", `RUN echo '//registry.npmjs.org/:_authToken=⟦${madeUp(36)}⟧' > .npmrc`],
  ["a PyPI token", `ENV T=⟦pypi-${"AgE"}IcHlwaS5vcmc${madeUp(80)}⟧`],
  ["a Slack token", `ENV T=⟦xo${"xb-"}123456789012-1234567890123-${madeUp(24)}⟧`],
  ["a Slack webhook", `ENV U=⟦https://hooks.slack${".com"}/services/T0A1B2C3D/B4E5F6G7H/${madeUp(24)}⟧`],
  ["a Stripe live key", `ENV T=⟦sk_${"live_"}${madeUp(24)}⟧`],
  ["an OpenAI key", `ENV T=⟦sk-${"proj-"}${madeUp(74)}T3Blbk${"FJ"}${madeUp(74)}⟧`],
  ["an OpenAI key", `ENV T=⟦sk-${madeUp(20)}T3Blbk${"FJ"}${madeUp(20)}⟧`],
  ["an Anthropic key", `ENV T=⟦sk-${"ant-"}api03-${madeUp(93)}AA⟧`],
  ["an Anthropic key", `ENV T=⟦sk-${"ant-"}oat01-${madeUp(93)}AA⟧`],
  ["a SendGrid key", `ENV T=⟦SG${"."}${madeUp(20)}-_.${madeUp(41)}-_⟧`],
  ["a Google API key", `ENV T=⟦AI${"za"}${madeUp(35)}⟧`],
  ["a Google OAuth client secret", `ENV T=⟦GOC${"SPX-"}${madeUp(28)}⟧`],
  ["an Azure storage key", `ENV C="AccountName=a;AccountKey=⟦${madeUp(86, BASE64)}==⟧;"`],
  ["a Docker Hub token", `ENV T=⟦dckr${"_pat_"}${madeUp(27)}⟧`],
  ["a Hugging Face token", `ENV T=⟦hf${"_"}${madeUp(34, "abcdefghijkLMNOPQRST")}⟧`],
  ["a private key", `RUN <<EOF\ncat > key <<X\n⟦${KEY.join("\n")}⟧\nX\nEOF`],
  ["a private key", `ENV KEY="⟦${KEY.join("\\n")}⟧"`],
  ["a private key", `RUN echo "⟦${KEY_HEAD}" > id_rsa && echo "${madeUp(40, BASE64)}⟧" >> id_rsa`],
  ["a private key", `RUN echo "⟦${KEY_HEAD}\\n\\\n${madeUp(40, BASE64)}⟧" > id_rsa`],
  ["a password in a URL", "ENV REDIS_URL=redis://:⟦k9Xw2mQp7L⟧@cache.acme.io:6379"],
  ["a password in a URL", "ENV DATABASE_URL=postgres://app:⟦k9X%40w2mQp!⟧@db.acme.io/app"],
];

describe("findSecretValues", () => {
  before(() => findSecretValues(""));

  for (const [kind, marked] of FOUND) {
    it(`finds ${kind} in ${marked.split("⟦")[0]!.trim().slice(0, 60)}…`, async () => {
      const start = marked.indexOf("⟦");
      const end = marked.indexOf("⟧") - 1;
      const text = marked.replace(/[⟦⟧]/g, "");
      const [first, ...others] = await findSecretValues(text);
      assert.deepEqual(others, []);
      assert.ok(first);
      assert.equal(first.kind, kind);
      assert.equal(text.slice(first.start, first.end), text.slice(start, end));
      assert.match(first.ruleId, /^(?:secretlint|plimsoll)\/[a-z\d-]+$/);
      assert.equal(first.placeholder, undefined);
    });
  }

  it("counts as UTF-16 does, and a byte order mark too", async () => {
    for (const before of ["🎉🎉é ", "\ufeff# ", "\r\n\r\n"]) {
      const found = await findSecretValues(`${before}ENV T=${GITHUB}`);
      assert.deepEqual(
        found.map(({ start, end }) => [start, end]),
        [[before.length + 6, before.length + 6 + GITHUB.length]],
      );
    }
  });

  it("passes nothing of a secret on", async () => {
    const found = await findSecretValues(FOUND.map(([, text]) => text.replace(/[⟦⟧]/g, "")).join("\n"));
    assert.equal(found.length, FOUND.length);
    for (const each of found) assert.deepEqual(Object.keys(each).sort(), ["end", "kind", "ruleId", "start"]);
    assert.ok(!JSON.stringify(found).includes(madeUp(8)));
  });

  it("gives them in order, none inside another", async () => {
    const text = `A=${GITHUB} B=https://u:${GITHUB}@h.io C=redis://:k9Xw2mQp7L@h.io`;
    const found = await findSecretValues(text);
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ["a GitHub token", "a GitHub token", "a password in a URL"],
    );
    for (const [i, each] of found.slice(1).entries()) assert.ok(found[i]!.end <= each.start);
  });

  it("leaves made-up tokens and variables alone", async () => {
    for (const text of [
      "AKIAIOSFODNN7EXAMPLE",
      "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "AKIAXXXXXXXXXXXXXXXX",
      "xoxb-your-token-here",
      `${"gh"}p_${"x".repeat(36)}`,
      "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
      "https://user:$PASSWORD@acme.io https://$TOKEN@github.com https://${USER}:${PASSWORD}@acme.io",
      "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
      "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2",
      `RUN grep -q -- "${KEY_HEAD}" /etc/ssl/private/server.pem && echo found`,
      "FROM nginx:1.25@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "ENV GPG_KEY=A62AE125BBBFBB96A6E042EC925CC1CCED3D1561",
      "ARG AWS_ACCOUNT_ID=123456789012",
    ]) {
      assert.deepEqual(await findSecretValues(text), [], text);
    }
  });

  it("marks default passwords in URLs", async () => {
    for (const text of [
      "http://user:pass@127.0.0.1",
      "mysql://user:password@db/app",
      "amqp://guest:guest@rabbitmq:5672",
    ]) {
      const found = await findSecretValues(text);
      assert.deepEqual(
        found.map(({ placeholder }) => placeholder),
        [true],
      );
    }
  });

  it("leaves the process's performance timeline alone", async () => {
    // `lintSource` of secretlint 12 does not, and gets slower with each run: see `runSecretlint`.
    for (let i = 0; i < 20; i++) await findSecretValues(`FROM a\nENV T=${GITHUB}`);
    assert.deepEqual(performance.getEntriesByType("mark"), []);
  });

  it("reads long texts", async () => {
    const line = `RUN echo a && \\\n  curl -u "$U" http://h.io/a:b ://x SG. sk-ant- xoxb-a- gh ${KEY_HEAD}\n`;
    const found = await findSecretValues(`${line.repeat(5_000)}ENV T=${GITHUB}`);
    assert.equal(found.at(-1)?.kind, "a GitHub token");
    await findSecretValues("http://a:b@".repeat(20_000));
  });
});
