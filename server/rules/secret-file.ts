import type { Stage } from "../model/stage.ts";
import type { Instruction, Word } from "../syntax/parse.ts";
import { removeInstruction, removeWord } from "./edit.ts";
import { assuming, defineRule, type Finding, unsafe } from "./rule.ts";
import { mountingSecret } from "./secret-mount.ts";

export default defineRule({
  id: "secret-file",
  category: "security",
  severity: "warning",
  weight: "critical",
  aliases: ["trivy/DS-0031", "dockle/CIS-DI-0010"],
  fix: "unsafe",

  *check(dockerfile) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (!/^(?:COPY|ADD)$/.test(instruction.keyword)) continue;
        const words = instruction.arguments;
        const target = words.at(-1)?.value ?? "";
        for (const word of words.slice(0, -1)) {
          const path = stage.resolve(word, instruction);
          const kind = path === undefined ? undefined : (kindOf(path, target) ?? kindOfTarget(path, target));
          if (!kind || (path !== undefined && isClean(path, instruction, stage))) continue;
          const where = stage.isInImage ? "image" : "build's cache";
          yield {
            at: word.range,
            message: `${kind} gets into the ${where}, and stays there when it is deleted later`,
            ...(!stage.isInImage || isPossible(path!)
              ? { severity: "info", weight: "medium" }
              : kind === VARIABLES
                ? { weight: "high" }
                : {}),
            ...remedy(stage, instruction, word),
          };
        }
      }
    }
  },
});

const PRIVATE_KEY = /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/;

/** Not all of them are secret. */
const VARIABLES = "A file of environment variables";

/** By the file's name, or that of a folder that holds nothing else. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [PRIVATE_KEY, "A private SSH key"],
  [/^\.ssh$/, "A folder of SSH keys"],
  [/^\.env(?:\.[\w-]+)*$/, VARIABLES],
  [/^\.npmrc$|^\.yarnrc\.yml$/, "A file that may hold a registry's token"],
  [
    /^\.pypirc$|^\.netrc$|^_netrc$|^\.git-credentials$|^\.pgpass$|^\.my\.cnf$|^\.s3cfg$|^\.boto$|^\.vault-token$/,
    "A file of passwords",
  ],
  [/^\.aws$|^\.azure$|^\.gcloud$|^gcloud$/, "A folder of cloud credentials"],
  [/^\.kube$|^kubeconfig$|^\.docker$|^\.dockercfg$/, "A file of credentials"],
  [/^\.gnupg$/, "A folder of private keys"],
  [
    /^(?:credentials?|service[-_]?account(?:[-_]?key)?|client[-_]secrets?|application_default_credentials)\.json$|^credentials$/,
    "A file of credentials",
  ],
  [
    /^(?:.*[-_.])?(?:private|priv|server|client|tls|ssl|host|key)[-_.]?key\.pem$|^privkey\d*\.pem$|^key\.pem$/,
    "A private key",
  ],
  [/\.(?:key|ppk|p12|pfx|kdbx)$/, "A private key"],
  [/\.tfstate$/, "Terraform's state, with its secrets,"],
];

const HARMLESS =
  /\.(?:pub|example|sample|template|tmpl|tpl|dist|defaults?|schema|md|txt|crt|cer)$|(?:^|[._-])(?:example|sample|template|dist|defaults?)(?:[._-]|$)/i;
const PUBLIC_KEY =
  /(?:^|[._-])(?:pub|public|gpg|pgp|apt|archive|keyring|release|repo(?:sitory)?|signing|verify|trusted)(?:[._-]|$)/i;
const KEYRINGS =
  /^\/(?:etc\/(?:apt|pki\/rpm-gpg|apk\/keys)|usr\/share\/keyrings|usr\/local\/share\/ca-certificates)(?:\/|$)/;

function kindOf(path: string, target: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path) || KEYRINGS.test(target)) return undefined;
  const parts = path.replace(/\/+$/, "").split("/");
  const name = parts.at(-1)!;
  if (HARMLESS.test(name)) return undefined;
  const folder = parts.slice(0, -1).findLast((part) => /^\.(?:aws|azure)$/.test(part));
  const found =
    KINDS.find(([pattern]) => pattern.test(name)) ?? KINDS.find(([pattern]) => folder && pattern.test(folder));
  if (!found || (/\.key$/.test(name) && PUBLIC_KEY.test(name))) return undefined;
  // `.aws/config` and `.docker/cli-plugins` hold none.
  if (folder && !KINDS.some(([pattern]) => pattern.test(name)) && name !== "credentials") return undefined;
  return found[1];
}

/** `COPY deploy_key /root/.ssh/id_rsa` */
function kindOfTarget(path: string, target: string): string | undefined {
  const name = target.slice(target.lastIndexOf("/") + 1);
  return PRIVATE_KEY.test(name) && !HARMLESS.test(path) ? "A private SSH key" : undefined;
}

function isPossible(path: string): boolean {
  return /(?:^|\/)\.(?:npmrc|yarnrc\.yml)$/.test(path);
}

/** What the context says of it: no token, or one that comes from a variable. */
function isClean(path: string, instruction: Instruction, stage: Stage): boolean {
  if (!isPossible(path) || instruction.flag("from")) return false;
  const content = stage.dockerfile.context.files?.[path.replace(/^\.?\/+/, "")];
  return (
    typeof content === "string" &&
    !/(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent)["']?\s*[=:]\s*["']?[^\s"'$]/.test(content)
  );
}

function remedy(stage: Stage, instruction: Instruction, word: Word): Pick<Finding, "fixes" | "refusal"> {
  const { syntax } = stage.dockerfile;
  const isOnly = instruction.arguments.length === 2;
  if (stage.runs.some((run) => run.instruction.range.start > instruction.range.start)) {
    const mounting = mountingSecret(stage, instruction, word);
    return typeof mounting === "string" ? { refusal: mounting } : { fixes: [mounting] };
  }
  if (instruction.json) return { refusal: "the list has to be looked at as a whole" };
  if (isOnly && instruction.comments.length > 0) return { refusal: "a comment would be lost" };
  return {
    fixes: [
      assuming(
        unsafe("Leave it out", isOnly ? removeInstruction(syntax, instruction) : removeWord(syntax, word)),
        "The container is given it when it starts: `docker run --env-file`, a volume, or Compose's `secrets`.",
        "What was in an image that others have is replaced where it is used.",
      ),
    ],
  };
}
