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
import { closureOf, type DotnetProject, packagesOf, projectOf, sharedProperties } from "./dotnet-project.ts";
import { isInside } from "./stage-split.ts";

/** Of version 3.1 and before, the images were in another place, too. */
const SDK = /^(dotnet(?:\/core)?)\/sdk$/;

export function dotnetLeftover(stage: Stage, start: ContainerStart): Leftover | undefined {
  const { image } = stage;
  if (image?.registry !== "mcr.microsoft.com" || !SDK.test(image.repository)) return undefined;
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
    remedy: () => repair(stage, start, commands, outputs, directory, projectOf(stage, program)),
  };
}

function repair(
  stage: Stage,
  start: ContainerStart,
  commands: readonly BuildCommand[],
  outputs: Tracked,
  directory: string,
  project: DotnetProject | undefined,
): Remedy {
  const tag = stage.image!.tag ?? "latest";
  // Without a version, the SDK that builds it now is the one of its framework, or it would not start.
  const framework = tag === "latest" ? /<TargetFramework>net(\d+\.\d+)<\//.exec(project?.text ?? "")?.[1] : undefined;
  const [, version = framework, variant = ""] = /^(\d+\.\d+)(?:\.\d+)?(-[a-z][\w.-]*)?$/.exec(tag) ?? [];
  if (version === undefined) return { refusal: `which version of .NET \`${stage.image!.reference}\` has is not known` };
  if (
    !/^(?:|-(?:alpine(?:\d+\.\d+)?|jammy|noble|focal|resolute|azurelinux\d+\.\d+|bookworm-slim|bullseye-slim))$/.test(
      variant,
    )
  )
    return { refusal: `no runtime image for the variant \`${variant.slice(1)}\` is known` };
  const major = Number.parseInt(version, 10);
  const words = commands.filter(({ command }) => command.program === "dotnet").flatMap(wordsOf);
  const { kind, assumptions } = isSelfContained(words, major, `${project?.text}\n${sharedProperties(stage)}`)
    ? { kind: "runtime-deps", assumptions: [] }
    : runtimeOf(stage, project);
  const image = `mcr.microsoft.com/${SDK.exec(stage.image!.repository)![1]}/${kind}:${version}${variant}`;
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
    // https://learn.microsoft.com/aspnet/core/fundamentals/#content-root
    looksFor: /^(?:appsettings[\w.-]*\.json|wwwroot)$/,
    image,
    hasSamePackages: true,
    assumptions: [...assumptionsOf(stage, major, variant, kind), ...assumptions],
  });
}

/** Its runtime is published with it: https://learn.microsoft.com/dotnet/core/deploying. */
function isSelfContained(words: readonly string[], major: number, properties: string): boolean {
  const says = words.flatMap((word, index): readonly boolean[] => {
    if (/^(?:--self-contained|--sc)$/.test(word)) return [words[index + 1] !== "false"];
    if (word === "--no-self-contained") return [false];
    const [, value] = /^(?:--self-contained=|--sc=|[-/]p:(?:SelfContained|PublishAot)=)(true|false)$/i.exec(word) ?? [];
    return value === undefined ? [] : [value.toLowerCase() === "true"];
  });
  if (says.length > 0) return says.includes(true);
  if (/<(?:SelfContained|PublishSelfContained|PublishAot)>\s*true/i.test(properties)) return true;
  // Until version 5, naming the platform was enough.
  return major < 6 && words.some((word) => /^(?:-r|--runtime)$/.test(word));
}

/** Which runtime a project that brings none needs; ASP.NET's has all that the plain one has. */
function runtimeOf(
  stage: Stage,
  project: DotnetProject | undefined,
): { readonly kind: string; readonly assumptions: readonly string[] } {
  const closure = project && closureOf(stage, project);
  if (!closure) return { kind: "aspnet", assumptions: [] };
  const packages = packagesOf(closure);
  const text = [...closure.map((one) => one.text), sharedProperties(stage)].join("\n");
  const isWeb =
    /Microsoft\.NET\.Sdk\.(?:Web|Razor|Blazor)|Microsoft\.AspNetCore\.App/.test(text) ||
    packages.some((name) => /aspnet|blazor|kestrel|yarp|signalr/i.test(name));
  if (isWeb) return { kind: "aspnet", assumptions: [] };
  const unknown = packages.filter((name) => !/^(?:Microsoft\.Extensions|System)\.|^Newtonsoft\.Json$/.test(name));
  return {
    kind: "runtime",
    assumptions: unknown.length > 0 ? [`No package that \`${project.path}\` names needs ASP.NET.`] : [],
  };
}

function assumptionsOf(stage: Stage, major: number, variant: string, kind: string): readonly string[] {
  const own = stage.dockerfile.text.slice(stage.from.range.start);
  const hasAddress = /ASPNETCORE_(?:URLS|HTTP_PORTS)|--urls|DOTNET_URLS/.test(own);
  return [
    // The SDK's images are made of the runtime's, and have left its port as it is since version 8: github.com/dotnet/dotnet-docker
    ...(kind === "aspnet" && !hasAddress && major < 8
      ? [
          "The program listens on port 80, to which the runtime image sets it; the SDK leaves it at 5000 on the loopback.",
        ]
      : []),
    ...(variant.startsWith("-alpine")
      ? ["The program needs no cultures and no time zones, which the Alpine runtime leaves out."]
      : []),
  ];
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
