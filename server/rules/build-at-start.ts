/** A container that compiles its program when it starts: the build tools stay, and write among the sources. */
import type { Command } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { containerStart } from "./container-start.ts";

/** How the command that builds is called: `dotnet run`; `undefined`: none is known to. */
export function buildAtStart(stage: Stage): string | undefined {
  for (const command of containerStart(stage)?.commands ?? []) {
    const name = buildOf(command);
    if (name !== undefined) return name;
  }
  return undefined;
}

function buildOf({ program = "", args }: Command): string | undefined {
  const values = args.map(({ value }) => value ?? "");
  const [verb = ""] = values.filter((value, index) => !/^-/.test(value) && !/^-[fpPs]$/.test(values[index - 1] ?? ""));
  switch (program) {
    // https://learn.microsoft.com/dotnet/core/tools/dotnet-run: it restores and builds what is not up to date.
    case "dotnet":
      return /^(?:run|watch|build|test|publish)$/.test(verb) && !values.includes("--no-build")
        ? `dotnet ${verb}`
        : undefined;
    case "mvn":
    case "mvnw":
    case "gradle":
    case "gradlew":
    case "sbt":
    case "lein":
      return verb === "" ? program : `${program} ${verb}`;
    case "cargo":
      return /^(?:run|watch|test|build|r|b)$/.test(verb) ? `cargo ${verb}` : undefined;
    case "make":
    case "gmake":
    case "ninja":
      return program;
    case "cmake":
      return args.some(({ value }) => value === "--build") ? "cmake --build" : undefined;
    default:
      return /^(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|rustc|javac)$/.test(program) ? program : undefined;
  }
}
