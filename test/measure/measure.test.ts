/** Images measured by engines that are not real, and by a real one where there is one. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ENGINE, ENGINES, type EngineName } from "../../server/measure/engine.ts";
import { type Measured, measure, type Progress } from "../../server/measure/measure.ts";
import { findProgram, runProgram } from "../../server/measure/program.ts";
import { folderOf, plimsoll, TWO_FINDINGS, TWO_RULES } from "../cli/host.ts";
import { until } from "../vscode/until.ts";
import { type Behaviour, callsOf, fakeEngine } from "./fake-engine.ts";

const BEFORE = "FROM debian:12\nRUN make all\n";
const AFTER = "FROM debian:12\nRUN make\n";

describe("measuring", () => {
  let folder: string;
  beforeEach(() => {
    folder = folderOf({ "context/a": "a" });
  });

  function run(more: Partial<Parameters<typeof measure>[0]> = {}): Promise<Measured> {
    const images = [
      { name: "as it is", text: BEFORE, ignored: null },
      { name: "optimized", text: AFTER, ignored: "*.log\n" },
    ];
    return measure({ images, directory: join(folder, "context"), searchPath: folder, hide: (text) => text, ...more });
  }

  function engine(name: EngineName, behaviour?: Behaviour): void {
    fakeEngine(folder, name, behaviour);
  }

  for (const name of ENGINES) {
    it(`builds with ${name}, asks it for the sizes and removes the images`, async () => {
      engine(name);
      const { images, engine: used } = await run({
        ...{ buildArgs: ["VERSION=1"], secrets: ["id=token,src=/run/token"], target: "final", network: "host" },
      });
      assert.equal(used, name);
      assert.deepEqual(
        images.map((image) => [image.name, image.bytes, image.layers.reduce((sum, { bytes }) => sum + bytes, 0)]),
        [
          ["as it is", BEFORE.length, BEFORE.length],
          ["optimized", AFTER.length, AFTER.length],
        ],
      );
      const calls = callsOf(folder, name);
      const [first, second] = calls.filter(({ args }) => args[0] === "build");
      assert.deepEqual([first?.dockerfile, first?.mode, first?.ignored], [BEFORE, 0o600, undefined]);
      assert.deepEqual([second?.dockerfile, second?.mode, second?.ignored], [AFTER, 0o600, "*.log\n"]);
      for (const arg of [
        "--build-arg=VERSION=1",
        "--secret=id=token,src=/run/token",
        "--target=final",
        "--network=host",
      ])
        assert.ok(first?.args.includes(arg), arg);
      // Neither build arguments nor what an engine calls files are in the way, and an image that was imported has no instruction.
      const instructions = images[0]!.layers.map(({ instruction }) => instruction);
      assert.deepEqual(instructions, name === "buildah" ? ["ADD … /", "USER app"] : ["", "RUN make"]);
      assert.equal(first?.args.at(-1), join(folder, "context"));
      const removed = calls
        .filter(({ args }) => args.includes("rm") || args[0] === "rmi")
        .map(({ args }) => args.at(-1));
      const tags = [first, second].map((call) => call!.args.find((arg) => arg.startsWith("--tag="))!.slice(6));
      assert.deepEqual(removed, tags);
      assert.ok(!calls.some(({ args }) => args.includes("prune")));
      const file = first!.args.find((arg) => arg.startsWith("--file="))!.slice(7);
      assert.ok(!file.startsWith(folder) && !existsSync(dirname(file)), file);
    });
  }

  it("takes the first engine that answers, or the one that is wanted", async () => {
    engine("docker", { silent: true });
    engine("podman");
    engine("buildah");
    assert.equal((await run()).engine, "podman");
    assert.equal((await run({ engine: "buildah" })).engine, "buildah");
    await assert.rejects(
      run({ engine: "docker" }),
      /^MeasureProblem: docker is installed but does not answer; start Docker/,
    );
  });

  it("says what to do where there is no engine", async () => {
    await assert.rejects(run(), /none of docker, podman and buildah is in PATH; install one/);
    await assert.rejects(run({ engine: "podman" }), /podman is not in PATH; install it, or choose another engine/);
    // What lies in the working directory is nobody's program.
    engine("docker");
    assert.equal(findProgram("docker", ["", ".", "bin"].join(delimiter)), undefined);
  });

  it("tells how far it is", async () => {
    engine("docker");
    const steps: Progress[] = [];
    await run({ onProgress: (step) => steps.push(step) });
    assert.deepEqual(steps.slice(0, 2), [
      { image: "as it is", step: "[1/2] FROM docker.io/library/debian:12" },
      { image: "as it is", step: "[2/2] RUN make" },
    ]);
  });

  it("shows the end of what a failed build says, without secrets, and removes what there is", async () => {
    engine("docker", { failure: "\u001b[31mcurl: token=hunter22 and topsecret99\u001b[0m" });
    const hide = (text: string): string => text.replaceAll("hunter22", "***");
    const failure = run({ hide, buildArgs: ["KEY=topsecret99"] });
    await assert.rejects(failure, (error: Error) => {
      assert.match(
        error.message,
        /^docker cannot build the Dockerfile as it is\.\nThe end of .*\n[\s\S]*curl: token=\*\*\* and \*\*\*$/,
      );
      return true;
    });
    assert.equal(callsOf(folder, "docker").at(-1)?.args[1], "rm");
  });

  it("says when only the optimized Dockerfile cannot be built, and removes the other's image", async () => {
    engine("docker", { failure: "boom", failsOn: AFTER });
    await assert.rejects(
      run(),
      /: docker cannot build the optimized Dockerfile\. Only the Dockerfile as it is can be built: leave fixes out to see which one it is\.\nThe end of what it says:\n[\s\S]*boom$/,
    );
    const removed = callsOf(folder, "docker").filter(({ args }) => args[1] === "rm");
    assert.equal(removed.length, 2);
  });

  it("ends everything that a build has started when it is cancelled or takes too long", async () => {
    engine("docker", { endless: true });
    await assert.rejects(run({ time: 300 }), /took longer than 0 minutes and was ended/);
    const controller = new AbortController();
    const cancelled = run({ signal: controller.signal, onProgress: () => controller.abort() });
    await assert.rejects(cancelled, /cancelled/);
    const children = callsOf(folder, "docker").flatMap(({ child }) => child ?? []);
    assert.ok(children.length > 0);
    for (const child of children) await until(`the end of ${child}`, () => !isRunning(child));
  });

  it("takes no answer for a size that is none", () => {
    assert.throws(() => ENGINE.docker.read(["{}", ""]), /a size is no number/);
    assert.throws(() => ENGINE.podman.read(["[]", "[]"]), /a size is no number/);
    assert.throws(() => ENGINE.buildah.read(["Error"]));
  });
});

describe("plimsoll measure", () => {
  it("compares the file as it is with the one that all fixes make, next to the estimates", async () => {
    const folder = folderOf({ "app/Dockerfile": TWO_FINDINGS });
    fakeEngine(join(folder, "bin"), "docker");
    const host = { searchPath: join(folder, "bin") };
    const { code, output, errors } = await plimsoll(folder, ["measure", TWO_RULES, "app/Dockerfile"], { host });
    assert.equal(code, 0, errors);
    assert.match(
      output,
      /^app\/Dockerfile: 57 B -> 111 B \(\+95 %\), built by docker\n\nAs it is: 57 B, estimated ≈ .* MB/,
    );
    assert.match(output, /\n {7}1 B {2}\(the base image\)\n {6}56 B {2}RUN make\n/);
    assert.match(errors, /^as it is: \[1\/2\] FROM .*\n[\s\S]*\noptimized: \[2\/2\] RUN make\n$/);
    const builds = callsOf(join(folder, "bin"), "docker").filter(({ args }) => args[0] === "build");
    assert.deepEqual(
      builds.map(({ args, dockerfile }) => [args.at(-1), dockerfile?.includes("LABEL")]),
      [
        [join(folder, "app"), false],
        [join(folder, "app"), true],
      ],
    );
  });

  it("prints JSON, and builds once where there is nothing to fix", async () => {
    const folder = folderOf({ Dockerfile: TWO_FINDINGS, "elsewhere/x": "" });
    fakeEngine(join(folder, "bin"), "podman");
    const host = { searchPath: join(folder, "bin") };
    const args = ["--format=json", "--except=DL4000,DL3015", "--context=elsewhere", "Dockerfile"];
    const { output } = await plimsoll(folder, ["measure", TWO_RULES, ...args], { host });
    const { version, engine, images } = JSON.parse(output);
    assert.deepEqual([version, engine, images.length, images[0].bytes], [1, "podman", 1, TWO_FINDINGS.length]);
    assert.deepEqual(images[0].layers[0], { bytes: 1, instruction: "" });
    const [build] = callsOf(join(folder, "bin"), "podman").filter(({ args }) => args[0] === "build");
    assert.equal(build?.args.at(-1), join(folder, "elsewhere"));
  });

  it("hands secrets and the target over, and names the secrets that are mounted and not given", async () => {
    const text =
      "FROM debian:12 AS a\nRUN --mount=type=secret,id=one --mount=type=secret,target=/run/secrets/two make\nFROM debian:11\n";
    const folder = folderOf({ Dockerfile: text });
    fakeEngine(join(folder, "bin"), "docker");
    const host = { searchPath: join(folder, "bin") };
    const args = ["measure", TWO_RULES, "--secret=id=one,env=ONE", "--target=a", "--format=json", "Dockerfile"];
    const { output, errors } = await plimsoll(folder, args, { host });
    assert.match(errors, /^plimsoll: the secret `two` is mounted and not given; see --secret\n/);
    assert.doesNotMatch(errors, /`one`/);
    const [build] = callsOf(join(folder, "bin"), "docker").filter(({ args: [command] }) => command === "build");
    assert.ok(build?.args.includes("--secret=id=one,env=ONE") && build.args.includes("--target=a"));
    assert.equal(JSON.parse(output).images[0].estimate.bytes, 116_200_000);
  });

  it("ends with 2 and one message where there is no engine", async () => {
    const folder = folderOf({ Dockerfile: TWO_FINDINGS });
    const { code, output, errors } = await plimsoll(folder, ["measure", "Dockerfile"], { host: { searchPath: "" } });
    assert.deepEqual([code, output], [2, ""]);
    assert.equal(
      errors,
      "plimsoll: none of docker, podman and buildah is in PATH; install one of them to measure images\n",
    );
    assert.match((await plimsoll(folder, ["measure", "--timeout=x", "Dockerfile"])).errors, /--timeout takes minutes/);
  });
});

describe("a real docker", () => {
  it("measures an image, and none is left", async function () {
    const searchPath = process.env["PATH"] ?? "";
    const program = findProgram("docker", searchPath);
    const ask = (...args: string[]) => runProgram({ program: program!, args, directory: tmpdir(), time: 20_000 });
    if (!program || (await ask("version", "--format", "{{.Server.Version}}")).code !== 0) this.skip();
    const folder = folderOf({ "big.bin": "x".repeat(50_000), "out.log": "y".repeat(90_000) });
    const { images } = await measure({
      images: [
        { name: "as it is", text: "FROM scratch\nCOPY . /\n" },
        { name: "optimized", text: "FROM scratch\nCOPY . /\n", ignored: "*.log\n" },
      ],
      ...{ directory: folder, engine: "docker", searchPath, hide: (text) => text },
    });
    const [before, after] = images;
    assert.ok(before!.bytes >= 140_000 && after!.bytes >= 50_000 && after!.bytes < 140_000, JSON.stringify(images));
    assert.match(before!.layers[0]!.instruction, /^COPY \. \//);
    assert.ok(!existsSync(join(folder, "Dockerfile")));
    assert.doesNotMatch((await ask("image", "ls", "--format", "{{.Repository}}")).output, /plimsoll-measure-/);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
