/** Finds secrets by their form anywhere in a text, with the patterns of secretlint and a few of our own. */
import type { SecretValue } from "../model/context.ts";
import { findSecretForms, isDummy, type SecretMatch } from "../model/secrets.ts";

export interface FoundSecret extends SecretValue {
  /** `secretlint/<rule>`, or `plimsoll/<form>`. */
  readonly ruleId: string;
}

/**
 * The secrets in a text, in its order, none inside another; offsets are UTF-16. Tokens that are plainly made up are left
 * out; passwords in URLs that are dummies or local defaults are there, as placeholders. Nothing of a secret is passed on
 * but its place. Never fails: what a pattern cannot read, it does not find.
 *
 * The patterns of secretlint are loaded by the first call.
 */
export async function findSecretValues(text: string): Promise<FoundSecret[]> {
  const own = findSecretForms(text).filter((each) => each.id === "url-password" || !each.placeholder);
  const found = [...own.map((each) => ({ ...each, ruleId: `plimsoll/${each.id}` })), ...(await runSecretlint(text))];
  return withoutOverlaps(found).map(({ start, end, kind, ruleId, placeholder }) => ({
    ...{ start, end, kind, ruleId },
    ...(placeholder && { placeholder }),
  }));
}

type Found = SecretMatch & { readonly ruleId: string };

/** What a rule of secretlint finds, in words. A rule that is missing here is not run. */
const KINDS: Readonly<Record<string, string>> = {
  "1password": "a 1Password token",
  anthropic: "an Anthropic key",
  databricks: "a Databricks token",
  docker: "a Docker Hub token",
  figma: "a Figma token",
  github: "a GitHub token",
  gitlab: "a GitLab token",
  grafana: "a Grafana token",
  groq: "a Groq key",
  "hashicorp-vault": "a Vault token",
  huggingface: "a Hugging Face token",
  linear: "a Linear key",
  notion: "a Notion token",
  npm: "an npm token",
  openai: "an OpenAI key",
  privatekey: "a private key",
  sendgrid: "a SendGrid key",
  shopify: "a Shopify key",
  slack: "a Slack token",
  "slack/IncomingWebhook": "a Slack webhook",
  vercel: "a Vercel token",
};
// Not run: `aws` (an account id is no secret, and the range that it gives for a secret key is that of the name), `basicauth`
// and `database-connection-string` (they see neither `redis://:password@` nor `%40`, and drop local hosts instead of telling
// them apart), `gcp` (reads files by path), `filter-comments` (we have our own way to accept a finding).

/**
 * Runs the rules of the preset ourselves. `lintSource` of `@secretlint/core` 12 puts two marks for each rule of each run into
 * the process's performance timeline and searches them all again, so that it takes 100 ms after 4,000 runs and never gives
 * the memory back (secretlint#1653); it also fails as a whole when one rule does.
 */
async function runSecretlint(text: string): Promise<Found[]> {
  const found: Found[] = [];
  // Under this name no rule reads a file, or looks for what stands in a package.json.
  const source = { content: text, filePath: "Dockerfile", ext: "", contentType: "text" };
  for (const rule of await loadRules()) {
    const id = rule.meta.id.replace("@secretlint/secretlint-rule-", "");
    if (!(id in KINDS)) continue;
    const report = ({ message, range: [start, end] }: Report) => {
      const secret = text.slice(start, end);
      if (secret === "" || isDummy(secret)) return;
      const kind = KINDS[`${id}/${message}`] ?? KINDS[id]!;
      found.push({ id, kind, start, end, placeholder: false, ruleId: `secretlint/${id}` });
    };
    try {
      // A translator puts what was found into the message; this one does not.
      const createTranslator = () => (messageId: string) => messageId;
      await rule.create({ sharedOptions: {}, createTranslator, report, ignore() {} }, {}).file?.(source);
    } catch {
      // One rule less.
    }
  }
  return found;
}

interface Report {
  readonly message: string;
  readonly range: readonly [start: number, end: number];
}

/** As much of a rule as is used here. */
interface Rule {
  readonly meta: { readonly id: string };
  create(context: object, options: object): { file?(source: object): void | Promise<void> };
}

async function loadRules(): Promise<readonly Rule[]> {
  try {
    const preset = await import("@secretlint/secretlint-rule-preset-recommend");
    return preset.rules as unknown as readonly Rule[];
  } catch {
    return [];
  }
}

/** Of those that overlap, the longest; a password in a URL only if it is nothing more special. */
function withoutOverlaps(found: readonly Found[]): Found[] {
  const weight = (each: Found) => (each.id === "url-password" ? 0 : each.end - each.start);
  const kept: Found[] = [];
  for (const each of [...found].sort((a, b) => a.start - b.start || weight(b) - weight(a))) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= each.start) kept.push(each);
    else if (weight(each) > weight(last)) kept[kept.length - 1] = each;
  }
  return kept;
}
