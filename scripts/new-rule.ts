/** `npm run new-rule <id>`: writes the two files of a rule, ready to be filled in. */
import { existsSync, writeFileSync } from "node:fs";

const id = process.argv[2];
if (!id || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id)) {
  console.error(
    "Usage: npm run new-rule <id>, in lower case with dashes; it names what is reported: latest-tag, root-user.",
  );
  process.exit(2);
}
const source = `server/rules/${id}.ts`;
const page = `server/rules/${id}.md`;
if (existsSync(source) || existsSync(page)) {
  console.error(`${existsSync(source) ? source : page} exists already.`);
  process.exit(2);
}
const title = id.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());

writeFileSync(
  source,
  `import { defineRule } from "./rule.ts";

export default defineRule({
  id: "${id}",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: [],

  *check(dockerfile) {
    for (const { run, command } of dockerfile.commands) {
      if (command.program !== "example") continue;
      yield { at: command.range, message: \`\\\`example\\\` runs as part of \${run.instruction.keyword}\` };
    }
  },
});
`,
);
writeFileSync(
  page,
  `# ${title}

Why this matters, to a person.

\`\`\`dockerfile bad
FROM debian:12
RUN example
\`\`\`

## When it is silent

\`\`\`dockerfile good
FROM debian:12
RUN other
\`\`\`
`,
);
console.log(`Wrote ${source} and ${page}. Now: npm run generate && UPDATE=1 npx mocha test/rules.test.ts`);
