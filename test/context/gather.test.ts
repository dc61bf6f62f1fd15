import assert from "node:assert/strict";
import { type Files, gatherContext } from "../../server/context/gather.ts";

/** What is gathered from these files beside the usual ones, and every path that was asked for. */
async function gather(
  text: string,
  texts: Readonly<Record<string, string>>,
): Promise<{ readonly found: Readonly<Record<string, string>>; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const files: Files = {
    async read(path) {
      asked.push(path);
      return texts[path] ?? null;
    },
    async exists(path) {
      return texts[path] !== undefined;
    },
  };
  const { files: known = {} } = await gatherContext({ text, directory: "context" }, files);
  const found = Object.entries(known).flatMap(([path, content]) => (content ? [[path, content] as const] : []));
  return { found: Object.fromEntries(found), asked };
}

describe("the build context", () => {
  it("has the requirements that the commands name, and what these include", async () => {
    const { found } = await gather(
      [
        "FROM python:3.12",
        "COPY requirements /tmp/requirements",
        "COPY deps/extra.txt /srv/",
        "WORKDIR /srv",
        "RUN pip install -r /tmp/requirements/production.txt --constraint=limits.txt",
        "RUN --mount=type=bind,source=deps/tools.txt,target=tools.txt uv pip install --system -r tools.txt -r extra.txt",
      ].join("\n"),
      {
        "context/requirements/production.txt": "-r base.txt\n--constraint ../limits/all.txt",
        "context/requirements/base.txt": "flask",
        "context/requirements/development.txt": "pytest",
        "context/limits/all.txt": "flask<4",
        "context/deps/extra.txt": "gunicorn",
        "context/deps/tools.txt": "alembic",
      },
    );
    assert.deepEqual(Object.keys(found).sort(), [
      "deps/extra.txt",
      "deps/tools.txt",
      "limits/all.txt",
      "requirements/base.txt",
      "requirements/production.txt",
    ]);
  });

  it("ends where the build context ends", async () => {
    const { asked } = await gather("FROM python:3.12\nCOPY r.txt /\nRUN pip install -r /r.txt -r /etc/y.txt", {
      "context/r.txt": "-r ../outside.txt\n-r /etc/passwd\n-r sub/../../outside.txt\n-r https://example.org/x.txt",
    });
    assert.ok(asked.includes("context/r.txt"));
    assert.deepEqual(
      asked.filter((path) => !path.startsWith("context/") || /\.\.|outside|passwd|example/.test(path)),
      [],
    );
  });

  it("has no more than a few of them, whatever includes whatever", async () => {
    const texts = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`context/r${i}.txt`, `-r r${i + 1}.txt\n-r r0.txt\n-r r${i}.txt`]),
    );
    const { found } = await gather("FROM python:3.12\nCOPY . /\nRUN pip install -r /r0.txt", texts);
    assert.equal(Object.keys(found).length, 24);
  });
});
