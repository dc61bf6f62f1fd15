/** What `dotnet publish` makes, and the runtime image for it: https://learn.microsoft.com/dotnet/core/docker/build-container, https://github.com/dotnet/dotnet-docker. */
import type { Command } from "../model/command.ts";
import type { Stage } from "../model/stage.ts";
import { type Leftover, moveBuild, type Remedy } from "./artefact.ts";
import {
  type BuildCommand,
  buildCommands,
  directoriesNamed,
  inDirectory,
  type Outputs,
  type Tracked,
  trackOutputs,
  wordsOf,
} from "./build-command.ts";
import { type ContainerStart, foreignPrograms } from "./container-start.ts";
import { isInside } from "./stage-split.ts";

export function dotnetLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "mcr.microsoft.com" || image.repository !== "dotnet/sdk") return undefined;
  if (stage.base.distribution === "windows") return undefined;
  const [command, ...others] = foreignPrograms(start.commands);
  if (!command || others.length > 0) return undefined;
  const commands = buildCommands(stage);
  const published = commands.flatMap((one) => dotnetOutputs(stage, one)?.directories ?? []);
  const outputs = trackOutputs(commands, (one) => dotnetOutputs(stage, one));
  const program = programOf(stage, command);
  if (program === undefined || !outputs.has(program)) return undefined;
  // The program has its libraries beside it.
  const folder = program.replace(/\/[^/]*$/, "");
  const directory = published.find((path) => path === folder) ?? folder;
  if (directory === stage.workdirBefore() && !published.includes(directory)) return undefined;
  return {
    tools: "the .NET SDK",
    needed: [directory],
    remedy: () => repair(stage, start, commands, outputs, directory),
  };
}

function repair(
  stage: Stage,
  start: ContainerStart,
  commands: readonly BuildCommand[],
  outputs: Tracked,
  directory: string,
): Remedy {
  const tag = stage.image!.tag ?? "latest";
  const [, version, variant = ""] = /^(\d+\.\d+)(?:\.\d+)?(-[a-z][\w.-]*)?$/.exec(tag) ?? [];
  if (version === undefined) return { refusal: `which version of .NET \`${stage.image!.reference}\` has is not known` };
  if (!/^(?:|-(?:alpine(?:\d+\.\d+)?|jammy|noble|focal|bookworm-slim|bullseye-slim))$/.test(variant))
    return { refusal: `no runtime image for the variant \`${variant.slice(1)}\` is known` };
  const words = commands.filter(({ command }) => command.program === "dotnet").flatMap(wordsOf);
  const isSelfContained = words.some((word, index) =>
    /^(?:--self-contained|--sc)$/.test(word)
      ? words[index + 1] !== "false"
      : /^(?:--self-contained=true|[-/]p:(?:SelfContained|PublishAot)=true)$/i.test(word),
  );
  const kind = isSelfContained ? "runtime-deps" : isPlainRuntime(stage) ? "runtime" : "aspnet";
  const image = `mcr.microsoft.com/dotnet/${kind}:${version}${variant}`;
  return moveBuild(stage, start, {
    tools: "the SDK",
    copies: [{ from: directory }],
    isOutput: outputs.has,
    isBuild: ({ command }) =>
      command.program === "dotnet" &&
      /^(?:restore|build|publish|clean|test|tool|nuget|new|add|workload|--info|--version|dev-certs)$/.test(
        command.args[0]?.value ?? "",
      ),
    buildVariables:
      /^(?:NUGET_[A-Z_]+|DOTNET_CLI_[A-Z_]+|DOTNET_NOLOGO|DOTNET_SKIP_FIRST_TIME_EXPERIENCE|BUILD_CONFIGURATION)$/,
    sources:
      /(?:^|\/)(?:[^/]*\.(?:cs|fs|vb|csproj|fsproj|vbproj|sln|slnx|props|targets|cshtml|razor)|nuget\.config|NuGet\.Config|global\.json)$/,
    image,
    hasSamePackages: true,
    assumptions: assumptionsOf(stage, Number.parseInt(version, 10), variant, kind),
  });
}

function assumptionsOf(stage: Stage, major: number, variant: string, kind: string): readonly string[] {
  const own = stage.dockerfile.text.slice(stage.from.range.start);
  const hasAddress = /ASPNETCORE_(?:URLS|HTTP_PORTS)|--urls|DOTNET_URLS/.test(own);
  const port = major >= 8 ? 8080 : 80;
  return [
    ...(kind === "aspnet" && !hasAddress
      ? [
          `The program listens on port ${port}, to which the runtime image sets it; the SDK leaves it at 5000 on the loopback.`,
        ]
      : []),
    ...(variant.startsWith("-alpine") ? ["The program needs no cultures, which the Alpine runtime leaves out."] : []),
  ];
}

/** The project that is started is known, and is none for the web. */
function isPlainRuntime({ dockerfile }: Stage): boolean {
  const projects = Object.entries(dockerfile.context.files ?? {}).filter(
    ([path, text]) => /\.(?:cs|fs|vb)proj$/.test(path) && typeof text === "string",
  );
  return (
    projects.length > 0 &&
    projects.every(([, text]) => /Sdk="Microsoft\.NET\.Sdk"/.test(text!) && !/Microsoft\.AspNetCore/.test(text!))
  );
}

/** The library or the program that is started. */
function programOf(stage: Stage, { program, programWord, args }: Command): string | undefined {
  const workdir = stage.workdirBefore();
  if (program === "dotnet") {
    const library = args.find(({ value }) => value === undefined || !value.startsWith("-"))?.value;
    return library?.endsWith(".dll") ? inDirectory(library, workdir) : undefined;
  }
  return programWord?.value?.includes("/") ? inDirectory(programWord.value, workdir) : undefined;
}

function dotnetOutputs(stage: Stage, one: BuildCommand): Outputs | undefined {
  const { command, directory } = one;
  if (command.program !== "dotnet" || directory === undefined) return undefined;
  const words = wordsOf(one);
  if (words[0] !== "publish" && words[0] !== "build") return undefined;
  const index = words.findIndex((word) => /^(?:-o|--output)(?:=|$)/.test(word));
  if (index !== -1) {
    const given = words[index]!.includes("=") ? words[index]!.split("=")[1]! : (words[index + 1] ?? "");
    const path = /[$`]/.test(given) || given === "" ? undefined : inDirectory(given, directory);
    return path ? { directories: [path] } : undefined;
  }
  return { directories: directoriesNamed(stage, "bin", directory).filter((path) => isInside(path, directory)) };
}
