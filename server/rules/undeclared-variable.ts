import type { Stage } from "../model/stage.ts";
import { builderVariables } from "../model/variables.ts";
import type { Instruction, Variable } from "../syntax/parse.ts";

export interface UndeclaredVariable {
  readonly instruction: Instruction;
  readonly variable: Variable;
}

/** The variables of a stage that nothing in this file sets where the builder expands them, and that have no default. */
export function* undeclaredVariables(stage: Stage): Generator<UndeclaredVariable> {
  for (const instruction of stage.instructions) {
    if (instruction.onbuild) continue;
    const environment = stage.environmentBefore(instruction);
    for (const variable of builderVariables(instruction)) {
      if (environment.has(variable.name) || /^:?[-+?]/.test(variable.operator ?? "")) continue;
      // `ARG ONE=1 TWO=$ONE` is fine, and `ENV ONE=1 TWO=$ONE` another rule's.
      const isAtHome = instruction.pairs.some(
        ({ key, range }) =>
          key.value === variable.name && range.start < variable.range.start && range.end <= variable.range.start,
      );
      if (!isAtHome) yield { instruction, variable };
    }
  }
}

/** Whether the base image may set it: it says nothing of its variables here. */
export function mayBeInherited(stage: Stage, name: string): boolean {
  if (name === "PATH") return true;
  if (stage.isEnvironmentKnown) return false;
  if (WELL_KNOWN.test(name)) return true;
  return stage.base.role === undefined && /(?:VERSION|HOME|PATH)$/.test(name);
}

/** What official images and those of vendors set: the versions of what they are made for, and where it is. */
const WELL_KNOWN =
  /^(?:LANG|LANGUAGE|LC_\w+|TZ|HOME|USER|HOSTNAME|SHELL|TERM|container|(?:NODE|YARN|NPM|PYTHON|PYPY|PIP|GOLANG|GO|RUBY|BUNDLE|GEM|RUST|RUSTUP|CARGO|PHP|COMPOSER|JAVA|JDK|JRE|GRADLE|MAVEN|NGINX|NJS|HTTPD|APACHE|PG|POSTGRES|MYSQL|MARIADB|MONGO|REDIS|DOTNET|ASPNET|ASPNETCORE|NUGET|CUDA|NV|NVIDIA|OTP|REBAR|ELIXIR|PERL|SWIFT|BUN|DENO|UV|CONDA|MAMBA|JENKINS|CADDY|XDG)_\w+|GOPATH|PGDATA|PYTHONPATH|LD_LIBRARY_PATH|CLASSPATH|APP_UID)$/;
