import assert from "node:assert/strict";
import { shownBytes, sizePage } from "../../client/size-page.ts";

const image = (name: string, bytes: number, instruction: string) => ({
  name,
  bytes,
  seconds: 1.4,
  estimate: "≈ 80 MB + what `pip` installs",
  layers: [
    { instruction: "", bytes: 75_000_000 },
    { instruction, bytes: bytes - 75_000_000 },
    { instruction: "USER app", bytes: 0 },
  ],
});

describe("the page of measured sizes", () => {
  it("has both images, what was estimated, and each layer that takes room", () => {
    const images = [image("as it is", 100_000_000, "RUN a | b `c`"), image("optimized", 80_000_000, "RUN a")];
    const page = sizePage("Docker_file", { engine: "podman", images });
    assert.match(page, /^# Image sizes of Docker\\_file\n\n\*\*100 MB → 80\.0 MB\*\* \(−20 %\), built by podman\.\n/);
    assert.ok(page.includes("| as it is | 100 MB | ≈ 80 MB + what `pip` installs | 1 s |\n| optimized | 80.0 MB |"));
    assert.ok(page.includes("| 75.0 MB | the base image |\n| 25.0 MB | `` RUN a \\| b `c` `` |\n"));
    assert.doesNotMatch(page, /USER app/);
  });

  it("says where there is nothing to optimize", () => {
    const page = sizePage("Dockerfile", { engine: "docker", images: [image("as it is", 80_000_000, "RUN a")] });
    assert.match(page, /\*\*80\.0 MB\*\*, built by docker\. There is nothing to optimize\./);
  });

  it("shows bytes as the engines do", () => {
    assert.deepEqual([0, 999, 1000, 99_940, 99_950, 999_499, 1_500_000, 2_340_000_000].map(shownBytes), [
      "0 B",
      "999 B",
      "1.0 kB",
      "99.9 kB",
      "100 kB",
      "999 kB",
      "1.5 MB",
      "2.3 GB",
    ]);
  });
});
