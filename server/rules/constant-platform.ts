import { removeWord } from "./edit.ts";
import { changing, defineRule, unsafe } from "./rule.ts";

export default defineRule({
  id: "constant-platform",
  category: "maintainability",
  severity: "info",
  weight: "low",
  aliases: [
    "hadolint/DL3029",
    "buildkit/FromPlatformFlagConstDisallowed",
    "kics/using_platform_with_from",
    "semgrep/avoid-platform-with-from",
  ],
  fix: "unsafe",
  assumes: "The image exists for each platform that this is built for.",

  *check({ stages, syntax }) {
    for (const { from, name } of stages) {
      const platform = from.flag("platform");
      const value = platform?.value;
      if (!value || value.text.includes("$")) continue;
      const parts = partsOf(value.value);
      // A name that tells the platform says that it is meant.
      const stage = name?.value.toLowerCase() ?? "";
      if (!parts || parts.some((part) => stage.includes(part))) continue;
      yield {
        at: value.range,
        message: `This is \`${value.value}\` whatever platform the image is built for`,
        // The image may exist for no other platform.
        fixes: [changing(unsafe("Delete the flag", removeWord(syntax, platform)), "images")],
      };
    }
  },
});

const ARCHITECTURES =
  "386 amd64 amd64p32 arm arm64 loong64 mips mips64 mips64le mipsle ppc ppc64 ppc64le riscv riscv64 s390 s390x wasm".split(
    " ",
  );
const SYSTEMS =
  "aix android darwin dragonfly freebsd illumos ios linux netbsd openbsd plan9 solaris wasip1 windows".split(" ");
const OTHER_NAMES: Readonly<Record<string, string>> = {
  macos: "darwin",
  i386: "386",
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  armhf: "arm",
  armel: "arm",
};

/** The system and the architecture, as containerd's `platforms.Parse` has them; `undefined`: it is no platform. */
function partsOf(platform: string): readonly string[] | undefined {
  const parts = platform
    .toLowerCase()
    .split("/")
    .map((part) => part.replace(/\(.*\)$/, ""));
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) return undefined;
  const known = parts.slice(0, 2).map((part) => OTHER_NAMES[part] ?? part);
  if (known.length > 1) return known;
  return [...SYSTEMS, ...ARCHITECTURES].includes(known[0]!) ? known : undefined;
}
