import type { Stage } from "../model/stage.ts";
import { insertInstructionsAfter, insertInstructionsBefore, keyword } from "./edit.ts";
import { assuming, changing, defineRule, type Finding, unsafe } from "./rule.ts";

export default defineRule({
  id: "missing-healthcheck",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3057",
    "trivy/DS-0026",
    "checkov/CKV_DOCKER_2",
    "kics/healthcheck_instruction_missing",
    "dockle/CIS-DI-0006",
  ],
  enabled: false,
  strict: true,
  fix: "unsafe",
  concerns: "container",
  judges: "stage",

  *check({ finalStage: stage }) {
    if (!stage?.imageWord || stage.last("HEALTHCHECK")) return;
    yield {
      at: stage.imageWord.range,
      message: "Nothing tells Docker whether the container still works",
      ...remedy(stage),
    };
  },
});

/** Ports of what does not speak HTTP: https://www.iana.org/assignments/service-names-port-numbers/ */
const OTHER_PROTOCOLS = new Set(
  "21 22 23 25 53 69 110 123 143 161 389 443 465 514 587 636 873 993 995 1433 1521 1883 2049 2181 3306 3389 4222 5432 5671 5672 5900 6379 6443 8443 8883 9042 9092 9443 11211 27017 50051".split(
    " ",
  ),
);

/** The server is asked, with what the image has for that. */
function remedy(stage: Stage): Pick<Finding, "fixes" | "refusal"> {
  const exposed = stage
    .effective()
    .filter(({ keyword: name, onbuild }) => name === "EXPOSE" && !onbuild)
    .flatMap((instruction) => instruction.arguments.map((word) => stage.resolve(word, instruction)));
  const [port] = exposed;
  if (exposed.length !== 1 || port === undefined || !/^\d+(?:\/tcp)?$/.test(port))
    return { refusal: "which port to ask is not known: there is not exactly one `EXPOSE`" };
  const number = port.replace("/tcp", "");
  if (OTHER_PROTOCOLS.has(number)) return { refusal: `what speaks on port ${number} is asked in a way of its own` };
  // What it says by default: https://github.com/docker-library/php
  if (number === "9000" && stage.lineage[0]!.image?.repository === "php")
    return { refusal: "FPM speaks FastCGI, which takes a program of its own to ask" };
  const start = stage.instructions.find(({ keyword: name }) => name === "CMD" || name === "ENTRYPOINT");
  const asking = askingWith(stage, `http://127.0.0.1:${number}/`);
  if (!asking) return { refusal: "the image is not known to have a program that could ask" };
  const line = `${keyword(stage, "HEALTHCHECK")} CMD ${asking}`;
  const { syntax } = stage.dockerfile;
  const last = stage.instructions.at(-1);
  if (!last) return { refusal: "there is nothing in this stage yet" };
  const edit = start ? insertInstructionsBefore(syntax, start, line) : insertInstructionsAfter(syntax, last, line);
  const fix = changing(unsafe(`Add a \`HEALTHCHECK\` that asks port ${number}`, edit), "HEALTHCHECK");
  return {
    fixes: [assuming(fix, `The server answers \`GET /\` on port ${number} with success, and to \`127.0.0.1\`.`)],
  };
}

/**
 * In exec form, which needs no shell. From the images' Dockerfiles (github.com/docker-library, alpinelinux/docker-alpine,
 * nginx/docker-nginx), 2026-11.
 */
function askingWith(stage: Stage, url: string): string | undefined {
  const { registry, repository = "", tag = "", facts } = stage.lineage[0]!.image ?? {};
  const has = stage.dockerfile.packageOperations.some(
    ({ run, action, packages }) =>
      action === "install" && stage.lineage.includes(run.stage) && packages.some(({ name }) => name === "curl"),
  );
  if (facts?.distribution === "alpine") return exec("wget", "-q", "--spider", url);
  if (has || (registry === "docker.io" && /^(?:nginx|php)$/.test(repository)))
    return exec("curl", "-fsS", "-o", "/dev/null", url);
  if (registry !== "docker.io") return undefined;
  if (repository === "python")
    return exec("python", "-c", `import urllib.request as r; r.urlopen('${url}', timeout=3)`);
  // `fetch` is there since version 18.
  if (repository === "node" && Number.parseInt(tag, 10) >= 18)
    return exec("node", "-e", FETCHING.replace("<url>", url));
  if (repository === "ruby")
    return exec("ruby", "-rnet/http", "-e", `exit Net::HTTP.get_response(URI("${url}")).code.to_i < 400`);
  return undefined;
}

const FETCHING = "fetch('<url>').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))";

function exec(...words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
