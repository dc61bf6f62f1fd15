/**
 * Writes `dockerfile.tmLanguage.json`, the grammar that VS Code loads.
 *
 *   npx tsx syntaxes/build.ts            write the grammar
 *   npx tsx syntaxes/build.ts --check    exit 1 when the grammar on disk is not what this file says
 *
 * The grammar is generated for two reasons: the regular expressions share long fragments (what a heredoc word is, what
 * a continued line is), and the twenty or so languages a heredoc body can be in come from one table.
 *
 * How it holds together
 *
 * 1. An instruction is a `begin`/`while` rule. `while` rules are judged at the start of every line, whatever is still
 *    open above them, so an unclosed quote inside an instruction can never reach the next one.
 * 2. The `while` is `\G`. At the start of a line `\G` matches only when the rule on top of the stack took the newline
 *    of its first line into its `begin`. `#continuation` is the only rule here that does so: it begins with the escape
 *    character and the newline after it. So `\G` says exactly "the previous line was continued", however deep in a
 *    foreign grammar that line ended, and the comment lines in between do not disturb it.
 * 3. `#continuation` reaches into the foreign grammars as an injection with priority (`L:`).
 * 4. `# escape=` followed by a backtick opens a rule that never ends; the injections are chosen by its scope.
 * 5. A heredoc is three rules, outermost first: one that waits for the terminator line, one whose `while` fails on
 *    that line (which drops whatever the body left open), and one chosen by the language of the body, whose `begin`
 *    takes the rest of the command line. They must sit below the command line, since the body outlives it.
 * 6. Injections and `\G` do not work when another grammar includes this one (a fenced block in Markdown, a Dockerfile
 *    within a heredoc). `\A` tells: it matches only when this grammar is the outermost. There a second set of the
 *    instructions, whose `while` looks at the line itself, takes over.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Rule {
  comment?: string;
  name?: string;
  contentName?: string;
  include?: string;
  match?: string;
  captures?: Captures;
  begin?: string;
  beginCaptures?: Captures;
  end?: string;
  endCaptures?: Captures;
  while?: string;
  patterns?: Rule[];
}

type Captures = Record<string, { name?: string; patterns?: Rule[] }>;

const r = String.raw;
const inc = (...names: string[]): Rule[] => names.map((name) => ({ include: name }));
/** Scope names of a capture, by group number. */
const caps = (...names: string[]): Captures => {
  const out: Captures = {};
  names.forEach((name, i) => {
    if (name !== "") out[String(i + 1)] = { name };
  });
  return out;
};

// --- Fragments of regular expressions ------------------------------------------------------------------------------
// The backtick is written \x60 throughout.

const INSTRUCTIONS = [
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
];
const ANY = INSTRUCTIONS.join("|");
/** What may follow a keyword: white space, the end of the line, or the escape character that continues the line. */
const AFTER = r`(?=\s|$|[\\\x60][ \t\r]*$)`;
const startOf = (names: string): string => r`^[ \t]*(?i:(?:(ONBUILD)[ \t]+)?(${names}))${AFTER}`;
/** True on a line that ends with an escape character which is not itself escaped. */
const CONTINUED = r`.*(?:(?<!\\)\\|(?<!\x60)\x60)[ \t\r]*$`;

const NAME = r`[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?\-$!]`;

/** One step through shell words: a plain character, an escaped one, or a whole quoted string. */
const STEP = r`(?>[^'"\\\n]|\\[^\n]|"(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*')`;
/** A heredoc operator at the start of a word. Group: the dash. */
const operator = (dash: string): string => r`(?<!\S)[0-9]*<<(?:${dash}|[ \t]+(?=["'A-Za-z_]))?`;
const BARE = r`[^\s<>"'&|;()$\\\x60]+`;
const QUOTED_WORD = r`"[^"\n]+"|'[^'\n]+'`;
/** A whole heredoc word without groups. */
const ANY_HEREDOC = r`${operator("-")}(?:${QUOTED_WORD}|${BARE})(?=\s|$)`;
/** Groups: 1 dash, 2 quote, 3 quoted delimiter, 4 bare delimiter. One of 3 and 4 is empty. */
const HEREDOC = r`${operator("(-)")}(?:(["'])([^"'\n]+)\2|(${BARE}))(?=\s|$)`;
/** Groups: 1 dash, 2 quote, 3 delimiter. */
const RAW_HEREDOC = r`${operator("(-)")}(["'])([^"'\n]+)\2(?=\s|$)`;
/** Groups: 1 dash, 2 delimiter. */
const EXPANDED_HEREDOC = r`${operator("(-)")}(${BARE})(?=\s|$)`;

/**
 * The terminator line. Group numbers are those of the `begin` of the same rule. Leading tabs are allowed after `<<-`
 * only: an empty group 1 makes `(?!)`, which never matches, and a dash makes `(?!-)`, which does before a tab.
 */
const terminator = (...groups: number[]): string =>
  r`^(?:(?!\1)\t*)?(${groups.map((group) => `\\${group}`).join("")})(?=\r?$)`;
const notTerminator = (...groups: number[]): string => `^(?!${terminator(...groups).slice(1)})`;

/**
 * A line that is the last of a continued RUN, COPY or ADD and has a heredoc. It must not be continued itself, and its
 * quotes must pair up: that keeps out the lines of a quoted text that runs over several lines and speaks of heredocs.
 */
const LATER_HEREDOC_LINE = r`(?!${CONTINUED})[ \t]*+(?!#)(?!(?i:${ANY})(?:\s|$))(?=${STEP}*+$)${STEP}*?${ANY_HEREDOC}`;
/** Where the rules of a heredoc begin: right after the keyword, or at the start of such a later line. */
const HEREDOC_LINE = r`(?:\G(?<=\S)|^(?=${LATER_HEREDOC_LINE}))`;

/** `[` that opens a JSON array rather than the shell's test command. */
const STRING = r`"(?:[^"\\\n]|\\.)*"`;
const EXEC_OPEN = r`\[(?=[ \t]*(?:\][ \t\r]*$|(?:[\\\x60][ \t\r]*)?$|${STRING}[ \t]*(?:,|\][ \t\r]*$|(?:[\\\x60][ \t\r]*)?$)|"[^"\n]*$))`;

// --- Scopes --------------------------------------------------------------------------------------------------------

const KEYWORD = "keyword.other.special-method.dockerfile";
const ONBUILD = "keyword.control.onbuild.dockerfile";
const ASSIGN = "keyword.operator.assignment.dockerfile";
const CONTINUATION =
  "constant.character.escape.line-continuation.dockerfile punctuation.separator.continuation.dockerfile";
const COMMENT = "comment.line.number-sign.dockerfile";
const COMMENT_SIGN = "punctuation.definition.comment.dockerfile";
const HEREDOC_OPERATOR = "keyword.operator.heredoc.dockerfile";
const HEREDOC_TOKEN = "keyword.control.heredoc-token.dockerfile";

// --- Languages of heredoc bodies -----------------------------------------------------------------------------------

interface Language {
  /** Ends the scope `meta.embedded.block.<id>`. */
  id: string;
  patterns: Rule[];
  extensions: string;
  /** Whole file names, as a regular expression. */
  names?: string;
  /** Program that reads the language from its standard input. */
  program?: string;
  /** The program keeps reading its standard input whatever its other arguments are. */
  anyArguments?: boolean;
}

const LANGUAGES: Language[] = [
  { id: "python", patterns: inc("source.python"), extensions: "py|pyi|pyw", program: r`python[0-9.]*|pypy[0-9.]*` },
  {
    id: "javascript",
    patterns: inc("source.js"),
    extensions: "js|mjs|cjs",
    program: r`node|nodejs|bun(?:[ \t]+run)?|deno(?:[ \t]+run)?`,
  },
  { id: "typescript", patterns: inc("source.ts"), extensions: "ts|mts|cts", program: "ts-node|tsx" },
  { id: "json", patterns: inc("source.json"), extensions: "json|webmanifest" },
  { id: "jsonc", patterns: inc("source.json.comments"), extensions: "jsonc|json5" },
  { id: "yaml", patterns: inc("source.yaml"), extensions: "ya?ml" },
  {
    id: "shellscript",
    patterns: inc("source.shell"),
    extensions: "sh|bash|zsh|ksh|ash|dash",
    names: r`\.(?:bash|zsh|k?sh)rc|\.(?:bash_|z)?profile|\.bash_aliases`,
    program: "(?:ba|da|a|z|k|mk)?sh",
  },
  { id: "html", patterns: inc("text.html.basic"), extensions: "html?" },
  { id: "css", patterns: inc("source.css"), extensions: "css" },
  { id: "xml", patterns: inc("text.xml"), extensions: "xml|xsd|xslt?|svg|plist" },
  { id: "toml", patterns: inc("source.toml"), extensions: "toml" },
  {
    id: "ini",
    patterns: inc("source.ini"),
    extensions: "ini|conf|cfg|cnf|properties|service|desktop",
    names: r`\.npmrc|\.gitconfig|\.editorconfig`,
  },
  {
    id: "sql",
    patterns: inc("source.sql"),
    extensions: "sql",
    program: "psql|mysql|mariadb|sqlite3?",
    anyArguments: true,
  },
  {
    id: "ruby",
    patterns: inc("source.ruby"),
    extensions: "rb|rake|gemspec",
    names: "Gemfile|Rakefile",
    program: "ruby",
  },
  { id: "perl", patterns: inc("source.perl"), extensions: "pl|pm", program: "perl" },
  { id: "php", patterns: inc("#php"), extensions: "php|phtml", program: "php" },
  {
    id: "powershell",
    patterns: inc("source.powershell"),
    extensions: "ps1|psm1|psd1",
    program: "pwsh|powershell",
  },
  { id: "markdown", patterns: inc("text.html.markdown"), extensions: "md|markdown" },
  { id: "bat", patterns: inc("source.batchfile"), extensions: "bat|cmd" },
  { id: "makefile", patterns: inc("source.makefile"), extensions: "mk", names: "(?:GNU)?[Mm]akefile" },
  { id: "go", patterns: inc("source.go"), extensions: "go" },
  { id: "lua", patterns: inc("source.lua"), extensions: "lua", program: "lua" },
  {
    id: "dockerfile",
    patterns: inc("$self"),
    extensions: "dockerfile|containerfile",
    names: r`(?:Docker|Container)file(?:\.[\w-]+)?`,
  },
];

const bodyScope = (id: string): string => `meta.heredoc.body.dockerfile meta.embedded.block.${id}`;

const fileName = ({ extensions, names }: Language): string => {
  const byExtension = r`[^\s"'<>]*\.(?i:${extensions})`;
  return names === undefined ? byExtension : r`(?:${byExtension}|(?:[^\s"'<>]*/)?(?:${names}))`;
};

/**
 * On the command line: after the keyword, or on a later line that has the heredoc. `\G` alone is not enough, it matches
 * at the start of every line below a `while` that holds.
 */
const COMMAND_LINE = r`\G(?:(?<=\S)|(?=.*<<))`;

/** Takes the command line of a heredoc, then gives what follows to `patterns`. */
const body = (when: string, line: string, id: string | undefined, patterns: Rule[], comment?: string): Rule => ({
  ...(comment === undefined ? {} : { comment }),
  begin: `${COMMAND_LINE}${when}(.*)$`,
  beginCaptures: { "1": { name: "meta.heredoc.command.dockerfile", patterns: inc(line) } },
  while: "^",
  contentName: id === undefined ? "meta.heredoc.body.dockerfile" : bodyScope(id),
  patterns,
});

const never = "(?!)";

const copyBodies: Rule[] = LANGUAGES.map((language) => {
  const file = fileName(language);
  return body(
    r`(?=[^<\n]*<<-?[ \t]*["']?${file}["']?[ \t]|.*<<.*[ \t]["']?${file}["']?[ \t\r]*$)`,
    "#copy-line",
    language.id,
    language.patterns,
  );
});

const secondCopyBodies: Rule[] = LANGUAGES.map((language) => ({
  begin: r`${COMMAND_LINE}(?=[^<\n]*<<[^<\n]*<<-?[ \t]*["']?${fileName(language)}["']?[ \t])`,
  while: "^",
  contentName: bodyScope(language.id),
  patterns: [...inc("#copy-heredoc-first"), ...language.patterns],
}));

const programs = LANGUAGES.filter((l): l is Language & { program: string } => l.program !== undefined);

const shebangs: Rule[] = programs
  .filter((l) => l.anyArguments !== true)
  .map((language) => ({
    begin: r`^\t*(?=#![^\n]*[/ \t](?:${language.program})(?:\.exe)?(?:\s|$))`,
    end: never,
    contentName: `meta.embedded.block.${language.id}`,
    patterns: language.patterns,
  }));

const runBodies: Rule[] = [
  ...LANGUAGES.map((language) =>
    body(
      r`(?=.*\b(?:cat|tee)\b.*[\s>]["']?${fileName(language)}["']?(?:[\s;&|)]|$))`,
      "#run-line",
      language.id,
      language.patterns,
    ),
  ),
  ...programs.map((language) => {
    const options =
      language.anyArguments === true
        ? r`(?:[ \t]+[^\s<;&|]+)*`
        : language.id === "shellscript"
          ? r`(?:[ \t]+-s\b(?:[ \t]+[^\s<;&|]+)*|[ \t]+-(?!c\b)[^\s<;&|]*)*`
          : r`(?:[ \t]+-(?![cemp]\b)[^\s<;&|]*)*`;
    const word = r`(?:${QUOTED_WORD}|${BARE})`;
    return body(
      r`(?=(?:.*[\s/;&|(]|)(?:${language.program})(?:\.exe)?${options}[ \t]+[0-9]*<<|[^<\n]*<<-?[ \t]*${word}[ \t]+(?:\S*/)?(?:env[ \t]+)?(?:${language.program})(?:\.exe)?(?:[ \t]+-\S*)*[ \t\r]*$)`,
      "#run-line",
      language.id,
      language.patterns,
    );
  }),
  body(
    r`(?=[ \t]*(?:--\S+[ \t]+)*<<)`,
    "#run-line",
    undefined,
    inc("#script"),
    "No command: the body is the script, in the language of its shebang",
  ),
  body(
    r`(?=[^<\n]*<<-?[ \t]*["'])`,
    "#run-line",
    undefined,
    [],
    "Input of some other command: plain text, and the quoted delimiter keeps the shell from expanding it",
  ),
  body("", "#run-line", undefined, inc("#shell-expansion")),
];

/** The command line goes on after the line that has the heredoc. What it says later of the language is not looked at. */
const continuedLine = (line: string): Rule => ({
  comment: "The line with the heredoc is itself continued: the body starts after the first line that is not",
  // White space before the sign: without it this is more likely a Windows path where the sign is the backtick.
  begin: r`\G(?<=\S)(.*)(?<=\s)(\\)[ \t\r]*$`,
  beginCaptures: {
    "1": { name: "meta.heredoc.command.dockerfile", patterns: inc(line) },
    "2": { name: CONTINUATION },
  },
  end: r`^(?![ \t]*#)(?!${CONTINUED})(.*)$`,
  endCaptures: { "1": { name: "meta.heredoc.command.dockerfile", patterns: inc(line) } },
  patterns: [
    ...inc("#comment"),
    {
      match: r`^(.*)(?<!\\)(\\)[ \t\r]*$`,
      captures: {
        "1": { name: "meta.heredoc.command.dockerfile", patterns: inc(line) },
        "2": { name: CONTINUATION },
      },
    },
  ],
});

/** The outer two rules of a heredoc. */
const heredoc = (id: string, ahead: string, inner: Array<[string, string, number[], Rule[]]>): Rule => ({
  name: `meta.instruction.${id}.dockerfile meta.heredoc.dockerfile`,
  begin: `${HEREDOC_LINE}(?=${ahead}${HEREDOC})`,
  end: terminator(3, 4),
  endCaptures: caps(HEREDOC_TOKEN),
  patterns: inner.map(([name, word, groups, patterns]) => ({
    name,
    begin: r`\G(?=${ahead}${word})`,
    while: notTerminator(...groups),
    patterns,
  })),
});

const copyKinds = (patterns: Rule[]): Array<[string, string, number[], Rule[]]> => [
  ["meta.heredoc.raw.dockerfile", RAW_HEREDOC, [3], patterns],
  ["meta.heredoc.expanded.dockerfile", EXPANDED_HEREDOC, [2], patterns],
];
const runKind = (patterns: Rule[]): Array<[string, string, number[], Rule[]]> => [
  ["meta.heredoc.run.dockerfile", HEREDOC, [3, 4], patterns],
];

/** Up to the first heredoc, and past it up to the second. */
const BEFORE = r`(?:(?!${operator("-")})${STEP})*`;
const first = BEFORE;
const second = `${BEFORE}${ANY_HEREDOC}${BEFORE}`;
const lastOf = (atLeast: number): string => r`(?:${STEP}*?${ANY_HEREDOC}){${atLeast - 1},}${STEP}*(?<=\s)`;

// --- Instructions --------------------------------------------------------------------------------------------------

interface Instruction {
  id: string;
  names: string;
  /** Replaces the whole `begin`. Groups 1 and 2 are ONBUILD and the keyword. */
  begin?: string;
  captures?: Captures;
  patterns: Rule[];
  /** Include of the heredoc rules. */
  heredocs?: string;
}

const environment = (id: string, names: string): Instruction[] => [
  {
    id: `${id}-legacy`,
    names,
    begin: r`^[ \t]*(?i:(?:(ONBUILD)[ \t]+)?(${names}))[ \t]+([^\s=$"'\\\x60]+)(?=[ \t]+[^\s\\\x60#])`,
    captures: { "3": { name: `variable.other.${id}.dockerfile` } },
    patterns: inc("#value-parts"),
  },
  { id, names, patterns: inc(`#${id}-assignment`) },
];

const INSTRUCTION_RULES: Instruction[] = [
  { id: "from", names: "FROM", patterns: inc("#flag", "#from-arguments") },
  { id: "run", names: "RUN", patterns: inc("#mount-flag", "#flag", "#command"), heredocs: "#run-heredoc" },
  { id: "copy", names: "COPY|ADD", patterns: inc("#from-flag", "#flag", "#paths"), heredocs: "#copy-heredoc" },
  { id: "command", names: "CMD|ENTRYPOINT", patterns: inc("#command") },
  { id: "shell", names: "SHELL", patterns: inc("#exec-form") },
  { id: "healthcheck", names: "HEALTHCHECK", patterns: inc("#flag", "#healthcheck-arguments") },
  ...environment("env", "ENV"),
  ...environment("label", "LABEL"),
  { id: "arg", names: "ARG", patterns: inc("#arg-assignment") },
  { id: "expose", names: "EXPOSE", patterns: inc("#port", "#variable", "#escape") },
  { id: "stopsignal", names: "STOPSIGNAL", patterns: inc("#signal") },
  { id: "user", names: "USER", patterns: inc("#user") },
  { id: "volume", names: "VOLUME", patterns: inc("#paths") },
  { id: "workdir", names: "WORKDIR", patterns: inc("#paths-unlisted") },
  { id: "maintainer", names: "MAINTAINER", patterns: inc("#maintainer") },
];

/** True while the line before was continued. See the head of this file. */
const WHILE_CONTINUED = r`\G`;
/** Where `\G` says nothing: until a blank line or an upper-case instruction. */
const WHILE_GUESSED = r`^(?![ \t]*(?:${ANY})${AFTER})(?![ \t]*$)`;

function instruction(rule: Instruction, guessed: boolean): Rule {
  const name = `meta.instruction.${rule.id}.dockerfile`;
  const begin = rule.begin ?? startOf(rule.names);
  const beginCaptures = { ...caps(ONBUILD, KEYWORD), ...rule.captures };
  const patterns = inc("#continuation-sign", ...(guessed ? ["#comment"] : [])).concat(rule.patterns);
  const goOn = guessed ? WHILE_GUESSED : WHILE_CONTINUED;
  if (rule.heredocs === undefined) return { name, begin, beginCaptures, while: goOn, patterns };
  return {
    comment:
      "The lines of the command are one rule, a heredoc is another beside it: the body outlives the command line. The outer rule has no name, since the injections must not come before its end",
    begin,
    beginCaptures: caps(`${name} ${ONBUILD}`, `${name} ${KEYWORD}`),
    end: r`^(?!${LATER_HEREDOC_LINE})`,
    patterns: [...inc(rule.heredocs), { name, begin: r`\G`, while: r`${goOn}(?!${LATER_HEREDOC_LINE})`, patterns }],
  };
}

const assignment = (id: string): Rule => ({
  begin: r`(?=\S)`,
  end: r`(?=\s)`,
  patterns: [
    ...inc("#continuation-sign"),
    {
      begin: "=",
      beginCaptures: { "0": { name: ASSIGN } },
      end: r`(?=\s)`,
      patterns: inc("#continuation-sign", "#value-parts"),
    },
    ...inc("#string", "#variable", "#escape"),
    { name: `variable.other.${id}.dockerfile`, match: r`[^\s="'$\\\x60]+` },
  ],
});

const directive = (key: string, value: Rule[]): Rule => ({
  name: "meta.directive.dockerfile",
  match: r`^[ \t]*(#)[ \t]*(?i:(${key}))[ \t]*(=)[ \t]*(.*?)[ \t\r]*$`,
  captures: {
    "1": { name: "punctuation.definition.directive.dockerfile" },
    "2": { name: "keyword.control.directive.dockerfile" },
    "3": { name: ASSIGN },
    "4": { patterns: value },
  },
});
const DIRECTIVE = r`[ \t]*#[ \t]*(?i:syntax|escape|check)[ \t]*=[ \t]*\S`;

/** A word of plain text, in pieces so that what is special within it is seen. */
const plain = (name: string): Rule => ({ name, match: r`[^\s"'$\\\x60]+|["'$\\\x60]` });

const repository: Record<string, Rule> = {
  // Outline
  document: {
    comment: "Only where this grammar is the outermost one, since \\A is the start of the whole text",
    begin: r`\A`,
    end: never,
    patterns: [
      {
        comment: "Directives are directives only at the top of the file, before anything else",
        begin: r`\A(?=${DIRECTIVE})`,
        end: r`^(?!${DIRECTIVE})`,
        patterns: inc("#escape-backtick", "#directive"),
      },
      ...inc("#body"),
    ],
  },
  "escape-backtick": {
    comment: "From here to the end of the file the backtick is the escape character",
    begin: r`^[ \t]*(#)[ \t]*(?i:(escape))[ \t]*(=)[ \t]*(\x60)[ \t\r]*$`,
    beginCaptures: caps(
      "meta.directive.dockerfile punctuation.definition.directive.dockerfile",
      "meta.directive.dockerfile keyword.control.directive.dockerfile",
      `meta.directive.dockerfile ${ASSIGN}`,
      "meta.directive.dockerfile constant.language.escape.dockerfile",
    ),
    end: never,
    contentName: "meta.escape.backtick.dockerfile",
    patterns: [
      { begin: r`^(?=${DIRECTIVE})`, end: r`^(?!${DIRECTIVE})`, patterns: inc("#directive") },
      { begin: r`^(?!${DIRECTIVE})`, end: never, patterns: inc("#body") },
    ],
  },
  body: { patterns: inc("#comment", "#powershell-mode", "#instructions", "#onbuild", "#unknown") },
  "guessed-body": {
    patterns: inc("#directive", "#comment", "#guessed-instructions", "#onbuild"),
  },
  instructions: { patterns: INSTRUCTION_RULES.map((rule) => instruction(rule, false)) },
  "guessed-instructions": { patterns: INSTRUCTION_RULES.map((rule) => instruction(rule, true)) },
  onbuild: {
    comment: "ONBUILD alone on its line: nothing is left open, the instruction on the next line starts like any other",
    match: r`^[ \t]*(?i:(ONBUILD))(?:[ \t]*([\\\x60]))?[ \t\r]*$`,
    captures: caps(ONBUILD, CONTINUATION),
  },
  unknown: {
    comment: "Not an instruction. The rule is there so that the lines it continues on are not taken for instructions",
    name: "meta.instruction.unknown.dockerfile",
    begin: r`^[ \t]*(?=[^\s#])`,
    while: WHILE_CONTINUED,
    patterns: inc("#continuation-sign"),
  },
  "powershell-mode": {
    comment: "After SHELL with PowerShell, until the stage ends or another shell is chosen",
    name: "meta.shell-mode.powershell.dockerfile",
    begin: r`^(?=[ \t]*(?i:SHELL)[ \t]*\[[ \t]*"(?:[^"]*[\\/])?(?i:pwsh|powershell)(?i:\.exe)?")`,
    end: r`^(?=[ \t]*(?i:FROM|SHELL(?![ \t]*\[[ \t]*"(?:[^"]*[\\/])?(?i:pwsh|powershell)(?i:\.exe)?"))${AFTER})`,
    patterns: inc("#comment", "#instructions", "#onbuild", "#unknown"),
  },

  // Lines
  comment: {
    name: COMMENT,
    match: r`^[ \t]*(#).*$\n?`,
    captures: caps(COMMENT_SIGN),
  },
  continuation: {
    comment: "Takes the newline into its begin: that is what \\G in the while of the instructions asks for",
    name: "meta.line-continuation.dockerfile",
    begin: r`(?<!\\)(\\)[ \t\r]*\n`,
    beginCaptures: caps(CONTINUATION),
    end: r`^(?=[ \t]*[^\s#])`,
    patterns: inc("#comment"),
  },
  "continuation-backtick": {
    name: "meta.line-continuation.dockerfile",
    begin: r`(?<!\x60)(\x60)[ \t\r]*\n`,
    beginCaptures: caps(CONTINUATION),
    end: r`^(?=[ \t]*[^\s#])`,
    patterns: inc("#comment"),
  },
  "continuation-sign": {
    comment: "Colours the sign where the injected #continuation does not reach",
    name: CONTINUATION,
    match: r`(?<!\\)\\(?=[ \t\r]*$)`,
  },
  directive: {
    patterns: [
      directive("syntax", inc("#image")),
      directive("escape", [
        { name: "constant.language.escape.dockerfile", match: r`[\\\x60](?=$|\s)` },
        { name: "invalid.illegal.escape.dockerfile", match: r`\S+` },
      ]),
      directive("check", [
        {
          match: r`(?i)\b(skip|error|experimental)\b[ \t]*(=)`,
          captures: caps("variable.parameter.check.dockerfile", ASSIGN),
        },
        { name: "constant.language.boolean.dockerfile", match: r`(?i)\b(?:true|false|all)\b` },
        { name: "constant.other.rule-name.dockerfile", match: r`[A-Za-z][A-Za-z0-9_-]*` },
        { name: "punctuation.separator.check.dockerfile", match: "[,;]" },
      ]),
    ],
  },

  // FROM
  "from-arguments": {
    begin: r`(?=\S)`,
    end: never,
    patterns: [
      ...inc("#continuation-sign"),
      {
        comment: "An image of that name. The white space before it tells \\G from the one at the start of every line",
        name: "meta.image.dockerfile entity.name.type.image.dockerfile",
        match: r`\G(?<=\s)(?i:as)(?=\s)`,
      },
      {
        begin: r`(?<!\S)(?i:(AS))${AFTER}`,
        beginCaptures: caps(KEYWORD),
        end: never,
        patterns: [
          ...inc("#continuation-sign"),
          { name: "entity.name.type.class.stage.dockerfile", match: r`[^\s\\\x60]+` },
        ],
      },
      ...inc("#image"),
    ],
  },
  image: {
    name: "meta.image.dockerfile",
    begin: r`(?=[^\s\\\x60])`,
    end: r`(?=\s)`,
    patterns: [
      ...inc("#continuation-sign"),
      { name: "constant.language.scratch.dockerfile", match: r`(?<![^\s=])scratch(?=\s|$)` },
      {
        comment: "A first component with a dot or a port, or localhost, is a registry",
        match: r`(?<![^\s=,])((?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost|[A-Za-z0-9-]+(?=:[0-9]+/)|\[[0-9A-Fa-f:]+\])(?:(:)([0-9]+))?)(/)`,
        captures: caps(
          "entity.name.namespace.registry.dockerfile",
          "punctuation.separator.port.dockerfile",
          "constant.numeric.port.dockerfile",
          "punctuation.separator.path.dockerfile",
        ),
      },
      {
        match: r`(@)(?:([A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z0-9]+)*)(:)([0-9A-Fa-f]*))?`,
        captures: caps(
          "punctuation.separator.digest.dockerfile",
          "storage.type.digest.dockerfile",
          "punctuation.separator.digest.dockerfile",
          "constant.numeric.digest.dockerfile",
        ),
      },
      {
        begin: ":",
        beginCaptures: { "0": { name: "punctuation.separator.tag.dockerfile" } },
        end: r`(?=[\s@,])`,
        patterns: [
          ...inc("#continuation-sign", "#variable", "#escape"),
          { name: "string.unquoted.tag.dockerfile", match: r`[^\s@,$\\\x60]+` },
        ],
      },
      { name: "punctuation.separator.path.dockerfile", match: "/" },
      ...inc("#variable", "#escape", "#string"),
      { name: "entity.name.type.image.dockerfile", match: r`[^\s/:@$\\\x60"',]+` },
    ],
  },

  // Flags
  flag: {
    patterns: [
      {
        name: "meta.flag.dockerfile",
        begin: r`(?<!\S)(--)([A-Za-z][A-Za-z0-9-]*)(=)`,
        beginCaptures: caps(
          "punctuation.definition.flag.dockerfile",
          "entity.other.attribute-name.flag.dockerfile",
          ASSIGN,
        ),
        end: r`(?=\s)`,
        patterns: [
          ...inc("#continuation-sign", "#string", "#variable", "#escape"),
          { name: "constant.language.boolean.dockerfile", match: r`(?<==)(?i:true|false)(?=\s|$)` },
          {
            name: "constant.numeric.duration.dockerfile",
            match: r`(?<==)-?(?:[0-9]+(?:\.[0-9]*)?(?:ns|us|µs|ms|s|m|h))+(?=\s|$)`,
          },
          { name: "constant.numeric.dockerfile", match: r`(?<=[=:])[0-9]+(?=[\s:]|$)` },
          { name: "punctuation.separator.flag-value.dockerfile", match: "[:,/]" },
          { name: "string.unquoted.flag-value.dockerfile", match: r`[^\s"'$\\\x60:,/]+|["'$\\\x60]` },
        ],
      },
      {
        name: "meta.flag.dockerfile",
        match: r`(?<!\S)(--)([A-Za-z][A-Za-z0-9-]*)?(?=\s|$)`,
        captures: caps("punctuation.definition.flag.dockerfile", "entity.other.attribute-name.flag.dockerfile"),
      },
    ],
  },
  "from-flag": {
    comment: "--from of COPY: a stage, the number of a stage, or an image. Variables are not expanded in it",
    name: "meta.flag.dockerfile",
    begin: r`(?<!\S)(--)(from)(=)`,
    beginCaptures: caps(
      "punctuation.definition.flag.dockerfile",
      "entity.other.attribute-name.flag.dockerfile",
      ASSIGN,
    ),
    end: r`(?=\s)`,
    patterns: [
      ...inc("#continuation-sign", "#string"),
      { name: "string.unquoted.flag-value.dockerfile", match: r`(?<==)[^\s$"']*\$\S*` },
      ...inc("#stage-or-image"),
    ],
  },
  "stage-or-image": {
    patterns: [
      { name: "constant.numeric.stage.dockerfile", match: r`(?<==)[0-9]+(?=[\s,]|$)` },
      { name: "entity.name.type.class.stage.dockerfile", match: r`(?<==)[A-Za-z][A-Za-z0-9_.-]*(?=[\s,\\\x60]|$)` },
      {
        match: r`(?<==)([^\s,"'\\]+)`,
        captures: { "1": { patterns: inc("#image") } },
      },
    ],
  },
  "mount-flag": {
    name: "meta.flag.dockerfile meta.mount.dockerfile",
    begin: r`(?<!\S)(--)(mount)(=)`,
    beginCaptures: caps(
      "punctuation.definition.flag.dockerfile",
      "entity.other.attribute-name.flag.dockerfile",
      ASSIGN,
    ),
    end: r`(?=\s)`,
    patterns: [
      ...inc("#continuation-sign"),
      { name: "punctuation.separator.mount.dockerfile", match: "," },
      {
        begin: r`(type)(=)`,
        beginCaptures: caps("variable.parameter.mount.dockerfile", ASSIGN),
        end: r`(?=[\s,])`,
        patterns: [
          ...inc("#continuation-sign", "#variable"),
          { name: "support.constant.mount-type.dockerfile", match: r`\b(?:bind|cache|tmpfs|secret|ssh)\b` },
          plain("string.unquoted.mount-value.dockerfile"),
        ],
      },
      {
        begin: r`(from)(=)`,
        beginCaptures: caps("variable.parameter.mount.dockerfile", ASSIGN),
        end: r`(?=[\s,])`,
        patterns: inc("#continuation-sign", "#variable", "#stage-or-image"),
      },
      {
        begin: r`([A-Za-z][A-Za-z0-9-]*)(=)`,
        beginCaptures: caps("variable.parameter.mount.dockerfile", ASSIGN),
        end: r`(?=[\s,])`,
        patterns: [
          ...inc("#continuation-sign", "#variable", "#escape"),
          { name: "constant.language.boolean.dockerfile", match: r`(?<==)(?i:true|false)(?=[\s,]|$)` },
          { name: "constant.language.sharing.dockerfile", match: r`(?<==)(?:shared|private|locked)(?=[\s,]|$)` },
          { name: "constant.numeric.dockerfile", match: r`(?<==)[0-9]+(?=[\s,]|$)` },
          { name: "string.unquoted.mount-value.dockerfile", match: r`[^\s,$\\\x60]+|[$\\\x60]` },
        ],
      },
      ...inc("#variable"),
      { name: "variable.parameter.mount.dockerfile", match: r`[A-Za-z][A-Za-z0-9-]*` },
    ],
  },

  // Commands
  command: {
    comment: "A command in exec form, or else text for the shell, which ends with the instruction",
    name: "meta.command.dockerfile",
    begin: r`(?=\S)(?![\\\x60][ \t\r]*$)`,
    end: never,
    patterns: [...inc("#exec-form"), ...inc("#shell-text")],
  },
  "shell-text": {
    begin: r`(?=\S)`,
    end: never,
    contentName: "meta.embedded.inline.shell.dockerfile",
    patterns: [
      ...inc("#continuation-sign"),
      {
        comment:
          "VS Code's shell grammar sees a command only at the start of a line or after an operator. This helps it to see the one after the keyword",
        name: "meta.statement.shell",
        begin: r`\G(?=[\w./~$"'(-])(?!(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|select|function|time|in|coproc)(?:[\s;]|$))`,
        end: r`(?=[\n;&|){}\x60])`,
        patterns: inc("#continuation-sign", "source.shell#typical_statements"),
      },
      ...inc("source.shell"),
    ],
  },
  "exec-form": {
    name: "meta.exec-form.dockerfile",
    begin: EXEC_OPEN,
    beginCaptures: { "0": { name: "punctuation.definition.array.begin.dockerfile" } },
    end: r`\]`,
    endCaptures: { "0": { name: "punctuation.definition.array.end.dockerfile" } },
    patterns: [...inc("#continuation-sign", "#json-string", "#array-parts")],
  },
  "exec-form-expanded": {
    comment: "The arrays of COPY, ADD and VOLUME: their strings are expanded",
    name: "meta.exec-form.dockerfile",
    begin: EXEC_OPEN,
    beginCaptures: { "0": { name: "punctuation.definition.array.begin.dockerfile" } },
    end: r`\]`,
    endCaptures: { "0": { name: "punctuation.definition.array.end.dockerfile" } },
    patterns: [
      ...inc("#continuation-sign"),
      {
        name: "string.quoted.double.json.dockerfile",
        begin: '"',
        beginCaptures: { "0": { name: "punctuation.definition.string.begin.dockerfile" } },
        end: '"',
        endCaptures: { "0": { name: "punctuation.definition.string.end.dockerfile" } },
        patterns: inc("#json-escape", "#variable-quoted"),
      },
      ...inc("#array-parts"),
    ],
  },
  "array-parts": {
    patterns: [
      { name: "punctuation.separator.array.dockerfile", match: "," },
      {
        comment: "Anything but strings makes this not JSON, and then the whole of it is for the shell",
        name: "invalid.illegal.exec-form.dockerfile",
        match: r`[^\s,\]"\\\x60]+`,
      },
    ],
  },
  "json-string": {
    name: "string.quoted.double.json.dockerfile",
    begin: '"',
    beginCaptures: { "0": { name: "punctuation.definition.string.begin.dockerfile" } },
    end: '"',
    endCaptures: { "0": { name: "punctuation.definition.string.end.dockerfile" } },
    patterns: inc("#json-escape"),
  },
  "json-escape": {
    patterns: [
      { name: "constant.character.escape.dockerfile", match: r`\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})` },
      { name: "invalid.illegal.escape.dockerfile", match: r`\\(?![ \t\r]*$).` },
    ],
  },
  "healthcheck-arguments": {
    patterns: [
      { name: "constant.language.none.dockerfile", match: r`(?<!\S)(?i:NONE)(?=\s|$)` },
      {
        begin: r`(?<!\S)(?i:(CMD))${AFTER}`,
        beginCaptures: caps(KEYWORD),
        end: never,
        patterns: inc("#continuation-sign", "#command"),
      },
    ],
  },

  // COPY, ADD, VOLUME, WORKDIR
  paths: {
    begin: r`(?=\S)(?![\\\x60][ \t\r]*$)`,
    end: never,
    patterns: inc("#continuation-sign", "#exec-form-expanded", "#path"),
  },
  "paths-unlisted": { patterns: inc("#path") },
  path: {
    patterns: [
      ...inc("#continuation-sign"),
      {
        begin: r`(?<!\S)(?=(?:https?|ftp|ssh|git)://|git@)`,
        end: r`(?=\s)`,
        patterns: [
          ...inc("#continuation-sign", "#variable", "#escape"),
          plain("string.unquoted.url.dockerfile markup.underline.link.dockerfile"),
        ],
      },
      ...inc("#string", "#variable", "#escape"),
      { name: "keyword.operator.wildcard.dockerfile", match: r`\*+` },
      { name: "string.unquoted.path.dockerfile", match: r`[^\s*"'$\\\x60]+|["'$\\\x60]` },
    ],
  },

  // Names and values
  "env-assignment": assignment("env"),
  "label-assignment": assignment("label"),
  "arg-assignment": assignment("arg"),
  "value-parts": {
    patterns: [...inc("#string", "#variable", "#escape"), plain("string.unquoted.value.dockerfile")],
  },
  port: {
    patterns: [
      {
        match: r`\b([0-9]+)(?:(-)([0-9]+))?\b`,
        captures: caps(
          "constant.numeric.port.dockerfile",
          "keyword.operator.range.dockerfile",
          "constant.numeric.port.dockerfile",
        ),
      },
      {
        match: r`(/)(?i:(tcp|udp|sctp))\b`,
        captures: caps("punctuation.separator.protocol.dockerfile", "support.constant.protocol.dockerfile"),
      },
      { name: "keyword.operator.range.dockerfile", match: "-" },
      { name: "punctuation.separator.protocol.dockerfile", match: "/" },
      ...inc("#string"),
    ],
  },
  signal: {
    patterns: [
      ...inc("#string", "#variable", "#escape"),
      { name: "constant.numeric.signal.dockerfile", match: r`\b[0-9]+\b` },
      { name: "constant.language.signal.dockerfile", match: r`\b[A-Za-z][A-Za-z0-9]*(?:[+-][0-9]+)?` },
    ],
  },
  user: {
    patterns: [
      ...inc("#string", "#variable", "#escape"),
      {
        begin: ":",
        beginCaptures: { "0": { name: "punctuation.separator.group.dockerfile" } },
        end: r`(?=\s)`,
        patterns: [
          ...inc("#string", "#variable", "#escape"),
          { name: "constant.numeric.gid.dockerfile", match: r`(?<=:)[0-9]+(?=\s|$)` },
          plain("string.unquoted.group.dockerfile"),
        ],
      },
      { name: "constant.numeric.uid.dockerfile", match: r`(?<!\S)[0-9]+(?=[\s:]|$)` },
      { name: "string.unquoted.user.dockerfile", match: r`[^\s:"'$\\\x60]+|["'$\\\x60]` },
    ],
  },
  maintainer: {
    patterns: [...inc("#string"), plain("string.unquoted.maintainer.dockerfile")],
  },

  // Strings, escapes and variables
  string: {
    patterns: [
      {
        name: "string.quoted.double.dockerfile",
        begin: '"',
        beginCaptures: { "0": { name: "punctuation.definition.string.begin.dockerfile" } },
        end: '"',
        endCaptures: { "0": { name: "punctuation.definition.string.end.dockerfile" } },
        patterns: [
          ...inc("#continuation-sign"),
          { name: "constant.character.escape.dockerfile", match: r`\\["$\\]` },
          ...inc("#variable-quoted"),
        ],
      },
      {
        name: "string.quoted.single.dockerfile",
        begin: "'",
        beginCaptures: { "0": { name: "punctuation.definition.string.begin.dockerfile" } },
        end: "'",
        endCaptures: { "0": { name: "punctuation.definition.string.end.dockerfile" } },
        patterns: inc("#continuation-sign"),
      },
    ],
  },
  escape: { name: "constant.character.escape.dockerfile", match: r`\\(?![ \t\r]*$)[^\n]` },
  variable: {
    patterns: [...inc("#variable-plain"), ...expansions(r`(?=\s)`, "#variable", "#string")],
  },
  "variable-quoted": {
    comment: "Within double quotes an unclosed brace ends at the closing quote",
    patterns: [...inc("#variable-plain"), ...expansions(r`(?=["\n])`, "#variable-quoted")],
  },
  "variable-plain": {
    patterns: [
      {
        name: "variable.other.dockerfile",
        match: r`(\$)(?:${NAME})`,
        captures: caps("punctuation.definition.variable.dockerfile"),
      },
      {
        name: "variable.other.dockerfile",
        match: r`(\$\{)(?:${NAME})(\})`,
        captures: caps(
          "punctuation.definition.variable.begin.dockerfile",
          "punctuation.definition.variable.end.dockerfile",
        ),
      },
      { name: "invalid.illegal.substitution.dockerfile", match: r`\$\{(?=[{}:])[^\s{}"]*\}?` },
    ],
  },
  "shell-expansion": {
    comment: "What the shell expands in the body of a heredoc whose delimiter is not quoted",
    patterns: [{ name: "constant.character.escape.dockerfile", match: r`\\[$\x60\\]` }, ...inc("#variable-quoted")],
  },

  // Heredocs
  "run-heredoc": {
    patterns: [
      heredoc("run", lastOf(2), runKind([continuedLine("#run-line"), body("", "#run-line", undefined, [])])),
      heredoc("run", first, runKind([continuedLine("#run-line"), ...inc("#run-bodies"), ...inc("#script")])),
    ],
  },
  "run-bodies": { patterns: runBodies },
  "run-line": {
    comment: "The command line of a heredoc. It is read as a capture, so nothing in it can reach the body",
    patterns: [
      ...inc("#continuation-sign", "#mount-flag", "#flag"),
      {
        begin: r`(?=\S)`,
        end: never,
        patterns: [...inc("#heredoc-word", "#shell-text")],
      },
    ],
  },
  "copy-heredoc": {
    patterns: [
      {
        ...heredoc("copy", lastOf(3), [
          [
            "meta.heredoc.several.dockerfile",
            HEREDOC,
            [3, 4],
            [continuedLine("#copy-line"), body("", "#copy-line", undefined, [])],
          ],
        ]),
        comment: "Three or more: up to the terminator of the last one, as plain text",
      },
      {
        ...heredoc("copy", second, copyKinds(inc("#second-copy-bodies"))),
        comment: "Two: this is the second, which lies below the first on the stack since it ends later",
      },
      heredoc("copy", first, copyKinds([continuedLine("#copy-line"), ...inc("#copy-bodies"), ...inc("#text")])),
    ],
  },
  "copy-heredoc-first": {
    ...heredoc("copy", first, copyKinds(inc("#copy-bodies"))),
    begin: `${HEREDOC_LINE}(?=${second}${ANY_HEREDOC})(?=${first}${HEREDOC})`,
  },
  "copy-bodies": {
    patterns: [...copyBodies, body("", "#copy-line", undefined, inc("#text-or-script"))],
  },
  "second-copy-bodies": {
    patterns: [
      ...secondCopyBodies,
      {
        begin: r`\G`,
        while: "^",
        contentName: "meta.heredoc.body.dockerfile",
        patterns: inc("#copy-heredoc-first", "#text-or-script"),
      },
    ],
  },
  "copy-line": {
    patterns: [
      ...inc("#continuation-sign", "#from-flag", "#flag"),
      {
        begin: r`(?=\S)`,
        end: never,
        patterns: inc("#heredoc-word", "#path"),
      },
    ],
  },
  "heredoc-word": {
    match: r`(?<!\S)([0-9]*)(<<-?)[ \t]*(?:(["'])([^"'\n]+)(\3)|(${BARE}))`,
    captures: caps(
      "constant.numeric.file-descriptor.dockerfile",
      HEREDOC_OPERATOR,
      "punctuation.definition.string.begin.dockerfile",
      HEREDOC_TOKEN,
      "punctuation.definition.string.end.dockerfile",
      HEREDOC_TOKEN,
    ),
  },
  script: {
    comment: "The first line of the body decides: a shebang, or else the shell",
    patterns: [
      ...shebangs,
      {
        begin: "^",
        end: never,
        contentName: "meta.embedded.block.shellscript",
        patterns: inc("source.shell"),
      },
    ],
  },
  text: { begin: "^", end: never, contentName: "meta.heredoc.body.dockerfile" },
  "text-or-script": {
    patterns: [...shebangs, { begin: "^", end: never }],
  },
  php: {
    comment: "PHP's own grammar finds its tags by injection, which does nothing when it is included",
    patterns: [
      {
        begin: r`<\?(?i:php\b|=)?`,
        beginCaptures: { "0": { name: "punctuation.section.embedded.begin.php" } },
        end: r`\?>`,
        endCaptures: { "0": { name: "punctuation.section.embedded.end.php" } },
        contentName: "source.php",
        patterns: inc("source.php"),
      },
      ...inc("text.html.basic"),
    ],
  },
};

/** `${name` with an operator and a word. `end` is where an unclosed one ends. */
function expansions(end: string, ...nested: string[]): Rule[] {
  const close = {
    end: r`(\})|${end}`,
    endCaptures: caps("variable.other.dockerfile punctuation.definition.variable.end.dockerfile"),
  };
  const open = (op: string): Pick<Rule, "name" | "begin" | "beginCaptures"> => ({
    name: "meta.expansion.dockerfile",
    begin: r`((\$\{)(?:${NAME}))(${op})`,
    beginCaptures: caps(
      "variable.other.dockerfile",
      "punctuation.definition.variable.begin.dockerfile",
      "keyword.operator.expansion.dockerfile",
    ),
  });
  const text = (name: string, stop: string): Rule => ({
    name,
    match: r`[^\s}"'$\\\x60${stop}]+`,
  });
  const common = inc("#continuation-sign", ...nested, "#escape");
  return [
    { ...open(":[-+?]|[-+?]"), ...close, patterns: [...common, text("string.unquoted.expansion.dockerfile", "")] },
    {
      ...open("##?|%%?"),
      ...close,
      patterns: [
        ...common,
        { name: "keyword.operator.wildcard.dockerfile", match: "[*?]" },
        text("string.regexp.pattern.dockerfile", "*?"),
      ],
    },
    {
      ...open("//?"),
      ...close,
      patterns: [
        {
          begin: "/",
          beginCaptures: { "0": { name: "keyword.operator.expansion.dockerfile" } },
          end: r`(?=\})|${end}`,
          patterns: [...common, text("string.unquoted.expansion.dockerfile", "")],
        },
        ...common,
        { name: "keyword.operator.wildcard.dockerfile", match: "[*?]" },
        text("string.regexp.pattern.dockerfile", "*?/"),
      ],
    },
    {
      comment: "Half written",
      name: "variable.other.dockerfile",
      match: r`(\$\{)(?:${NAME})?`,
      captures: caps("punctuation.definition.variable.begin.dockerfile"),
    },
  ];
}

const outside = "- meta.line-continuation.dockerfile - meta.heredoc.dockerfile";

const injections: Record<string, { comment?: string; patterns: Rule[] }> = {
  [`L:meta.instruction - meta.escape.backtick ${outside}`]: { patterns: inc("#continuation") },
  [`L:meta.escape.backtick meta.instruction ${outside}`]: { patterns: inc("#continuation-backtick") },
  [`L:meta.embedded.inline ${outside}`]: {
    comment: "The end of an instruction is not a newline to the shell, and no rule of the shell may begin with it",
    patterns: [{ match: r`(?<![ \t\r])[ \t\r]*\n` }],
  },
  [`L:meta.embedded.inline ${outside} - string.quoted - comment`]: {
    patterns: [
      {
        comment:
          "To the end of the instruction, not of the line: continued lines are joined before the shell sees them",
        name: "comment.line.number-sign.shell.dockerfile",
        begin: r`(?<![ \t])[ \t]+(#)|(?<![^\s;&|()])(#)`,
        beginCaptures: caps(COMMENT_SIGN, COMMENT_SIGN),
        end: never,
      },
      {
        comment: "Not a heredoc, or it would be one of the heredoc rules. The shell's own rule would look for a body",
        name: "keyword.operator.redirect.dockerfile",
        match: "<<<|<<-?",
      },
      {
        comment: "As in xargs -I{}, or in a template: VS Code's shell grammar gives up the rest of the line there",
        name: "string.unquoted.argument.shell",
        match: r`\{[{}]`,
      },
    ],
  },
  [`L:meta.embedded.inline meta.statement.command.name.shell ${outside} - string.quoted - comment`]: {
    patterns: [
      {
        comment: "VS Code's shell grammar takes the continuation right after a command name into the name",
        name: "entity.name.function.call.shell entity.name.command.shell",
        match: r`(?:[^\s"'&;<=>)\x60{|\\]|\\(?![ \t\r]*\n))+(?<!\\)(?=\\[ \t\r]*\n)`,
      },
    ],
  },
  [`L:meta.embedded.inline meta.arithmetic ${outside} - string.quoted, L:meta.embedded.inline meta.scope.logical-expression ${outside} - string.quoted`]:
    {
      patterns: [
        {
          comment:
            "VS Code's shell grammar has a rule for arithmetic that matches nothing at the start of a line, and then the rest of the line is given up",
          match: r`^(?:[ \t]+|[^\s()\\"'$\x60\]]+)`,
        },
      ],
    },
  "L:meta.heredoc.command.dockerfile - string - comment": { patterns: inc("#heredoc-word") },
  "L:meta.heredoc.expanded meta.heredoc.body - meta.heredoc.command - (meta.heredoc.expanded meta.heredoc.body meta.heredoc.raw)":
    {
      comment: "BuildKit expands the body when the delimiter is not quoted, whatever language it is in",
      patterns: [{ name: "constant.character.escape.dockerfile", match: r`\\[$\\]` }, ...inc("#variable-quoted")],
    },
  [`L:meta.escape.backtick meta.embedded.inline ${outside} - comment`]: {
    patterns: [
      {
        comment: "Where the backtick is the escape character it does not open a command substitution",
        name: "constant.character.escape.dockerfile",
        match: r`\x60(?![ \t\r]*\n)\S?`,
      },
      { comment: "Not a continuation there", match: r`\\(?=[ \t\r]*$)` },
    ],
  },
  [`L:meta.escape.backtick meta.instruction string.quoted.double.dockerfile ${outside} - meta.embedded`]: {
    patterns: [{ name: "constant.character.escape.dockerfile", match: r`\x60["$\x60]` }, { match: r`\\` }],
  },
  [`L:meta.escape.backtick meta.instruction ${outside} - meta.embedded - meta.exec-form - string.quoted`]: {
    patterns: [
      { name: "constant.character.escape.dockerfile", match: r`\x60(?![ \t\r]*$)[^\n]` },
      { name: "string.unquoted.backslash.dockerfile", match: r`\\` },
    ],
  },
  [`L:meta.shell-mode.powershell meta.command ${outside} - meta.embedded - meta.exec-form`]: {
    patterns: [
      {
        begin: r`(?!${EXEC_OPEN})(?=\S)`,
        end: never,
        contentName: "meta.embedded.inline.powershell.dockerfile",
        patterns: inc("source.powershell"),
      },
    ],
  },
};

const grammar = {
  comment: "Generated by build.ts in this directory: change that file, not this one",
  name: "Dockerfile",
  scopeName: "source.dockerfile",
  patterns: inc("#document", "#guessed-body"),
  injections,
  repository,
};

const known = new Set(Object.keys(repository).map((name) => `#${name}`));
const used = new Set<string>();
JSON.stringify(grammar, (key, value: unknown) => {
  if (key === "include" && typeof value === "string") used.add(value);
  return value;
});
for (const name of used) if (name.startsWith("#") && !known.has(name)) throw new Error(`No rule ${name}`);
for (const name of known) if (!used.has(name)) throw new Error(`Nothing includes ${name}`);

const path = join(dirname(fileURLToPath(import.meta.url)), "dockerfile.tmLanguage.json");
const text = `${JSON.stringify(grammar, null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== text) {
    console.error(`${path} is not what build.ts writes. Run: npx tsx syntaxes/build.ts`);
    process.exit(1);
  }
} else {
  writeFileSync(path, text);
}
