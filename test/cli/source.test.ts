import assert from "node:assert/strict";
import { printable, widthOf } from "../../server/cli/printable.ts";
import { ShownSource } from "../../server/cli/source.ts";
import { findSecretValues } from "../../server/context/secrets.ts";
import { Dockerfile } from "../../server/model/dockerfile.ts";
import { folderOf, plimsoll } from "./host.ts";

describe("shown lines", () => {
  /** The line around a part of the text, the part underlined. */
  function underline(text: string, part: string, width = 80): string {
    const start = text.indexOf(part);
    const source = new ShownSource(new Dockerfile(text));
    const line = source.line({ start, end: start + part.length }, width);
    return `${line.text}\n${" ".repeat(line.column)}${"^".repeat(line.width)}`;
  }

  it("underline the place, below tabs, wide and combined characters", () => {
    assert.equal(
      underline("RUN\techo 漢字 e\u0301 place x\n", "place"),
      "RUN    echo 漢字 e\u0301 place x\n                   ^^^^^",
    );
  });

  it("show a place on several lines up to the end of the first", () => {
    assert.equal(underline("RUN a \\\n  b\n", "a \\\n  b"), "RUN a \\\n    ^^^");
  });

  it("cut long lines around the place", () => {
    const text = `RUN ${"a".repeat(200)} place ${"b".repeat(200)}\n`;
    assert.equal(underline(text, "place", 40), `…${"a".repeat(15)} place ${"b".repeat(18)}…\n${" ".repeat(17)}^^^^^`);
    assert.equal(underline(text, "RUN", 10), `RUN aaaaaa…\n^^^`);
    assert.equal(underline(text, text, 10).length, "RUN aaaaaa…\n^^^^^^^^^^".length);
  });

  it("have an empty place at the end of the text", () => {
    const line = new ShownSource(new Dockerfile("FROM a")).line({ start: 6, end: 6 }, 80);
    assert.deepEqual(line, { text: "FROM a", column: 6, width: 0 });
  });

  it("command no terminal and turn no letters around", () => {
    assert.equal(printable("a\u001b[31m\u009b\u0007\u202eb\r\ufeff\u007f"), "a␛[31m�␇�b␍␡");
    assert.equal(underline("RUN \u001b[2J x", "x"), "RUN ␛[2J x\n         ^");
    assert.equal(widthOf("漢é\u0301\u{1f433}\u200d"), 5);
  });
});

describe("secrets", () => {
  // Put together here, so that no scanner of repositories takes them for real.
  const token = `gh${"p_"}${"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"}`;
  const key = ["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ");
  const password = "Zq8fK2mW9xTr4LbN";
  const texts: Readonly<Record<string, string>> = {
    "in ENV": `ENV DB_PASSWORD=${password} A=b`,
    "in quotes": `ENV DB_PASSWORD="${password}"`,
    "in the old form of ENV": `ENV DB_PASSWORD ${password}`,
    "in ARG": `ARG DB_PASSWORD=${password}`,
    "behind ONBUILD": `ONBUILD ENV DB_PASSWORD=${password}`,
    "in an assignment of the shell": `RUN DB_PASSWORD=${password} ./setup`,
    "in an export": `RUN export DB_PASSWORD='${password}' && ./setup`,
    "in an option": `RUN ./setup --db-password=${password}`,
    "in exec form": `RUN ["./setup", "--db-password=${password}"]`,
    "in a URL": `RUN git clone https://ada:${password}@git.company.io/a`,
    "told by its form": `RUN curl -H 'Authorization: token ${token}' https://api.github.com`,
    "in a comment": `# ${token}`,
    "over several lines": `RUN echo "${key}\\n\\\n${"MIIEowIBAAKCAQEA".repeat(4)}\\n\\\n${password}\\n\\\n-----END RSA PRIVATE KEY-----"`,
  };
  for (const [where, line] of Object.entries(texts)) {
    it(`are not shown ${where}`, async () => {
      const text = `FROM debian:12\n${line}\nRUN apt-get install -y vim\n`;
      const source = new ShownSource(new Dockerfile(text, { secrets: await findSecretValues(text) }));
      const shown = Array.from(
        { length: text.length },
        (_, start) => source.line({ start, end: start + 3 }, 1000).text,
      );
      for (const output of [...shown, source.hide(text), source.message(text)]) {
        for (const secret of [password, token, "MIIEowIBAAKCAQEA"]) assert.ok(!output.includes(secret), output);
      }
      assert.match(source.hide(text), /\*\*\*/);
    });
  }

  it("are told from what is none", () => {
    const text = "FROM debian:12\nENV DB_PASSWORD_FILE=/run/secrets/password TOKEN=$TOKEN PASSWORD=changeme\n";
    assert.equal(new ShownSource(new Dockerfile(text)).hide(text), text);
  });

  it("are in no output of any command and format", async () => {
    const text = `FROM debian:12\nENV DB_PASSWORD=${password} A b\nRUN echo ${token}\nMAINTAINER ${password}\nCMD run ${token}\n`;
    const folder = folderOf({ Dockerfile: text });
    const runs = [
      ...["text", "github"].map((format) => ["check", "--rules=all", "--format", format]),
      ["rate"],
      ["rate", "--format=json"],
      ["fix", "--diff", "--unsafe"],
      ["fix", "--unsafe"],
    ];
    for (const args of runs) {
      const { output, errors } = await plimsoll(folder, [...args, "Dockerfile"]);
      assert.notEqual(output + errors, "");
      for (const secret of [password, token])
        assert.ok(!(output + errors).includes(secret), `${args}:\n${output}${errors}`);
    }
  });
});
