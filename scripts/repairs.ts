/** What Plimsoll repairs, by what somebody would look for: the data of `docs/fixes.md`, which `npm run generate` writes. */

export interface Repair {
  /** What is done, as a sentence without a full stop. */
  readonly what: string;
  /** The rules that do it; each has a fix. None: it is not done. */
  readonly rules: readonly string[];
  /** Where it is not done, or why it never is. */
  readonly unless: string;
}

export const REPAIRS: Readonly<Record<string, readonly Repair[]>> = {
  Security: [
    {
      what: "The container runs as an unprivileged user: one that is there, or a new one, with the directories that it writes",
      rules: ["missing-user", "root-user", "unwritable-directory"],
      unless:
        "the base image is not known or is Windows; the program drops root itself, needs root, or keeps to `/root`; the Docker socket is a volume",
    },
    {
      what: "A user that is made and never used is used",
      rules: ["missing-user"],
      unless: "as above",
    },
    {
      what: "Secrets leave `ENV` and `ARG`; where a `RUN` names them, they are mounted, and an older `# syntax` is raised",
      rules: ["secret-in-env", "secret-in-arg"],
      unless:
        "another instruction needs the value, no `RUN` names the argument, or another frontend reads the file; the name or value is none of a secret",
    },
    {
      what: "Files with secrets are left out or mounted where they are read",
      rules: ["secret-file", "secret-mount-mode", "missing-dockerignore", "incomplete-dockerignore"],
      unless: "something works with the file itself",
    },
    {
      what: "Cleartext addresses become `https`",
      rules: ["cleartext-http"],
      unless: "the host is near, or for examples",
    },
    {
      what: "Switches that turn checks off are taken out",
      rules: [
        ...["insecure-curl", "insecure-wget", "trusted-pip-host", "npm-strict-ssl", "git-ssl-verification"],
        ...["node-tls-rejection", "python-https-verification", "unsigned-apt-packages", "unsigned-apk-packages"],
        ...["unsigned-rpm-packages", "weak-tls", "https-downgrade", "insecure-run", "host-network-run", "debug-mode"],
      ],
      unless: "what is reached is on the same machine",
    },
    {
      what: "Keys of `apt-key` get a file of their own",
      rules: ["apt-key"],
      unless: "where the key comes from is not known",
    },
    { what: "`sudo` is taken out", rules: ["sudo"], unless: "it runs the command as another user than root" },
    {
      what: "Modes that let everybody write, or anybody become root, are narrowed; who writes there gets the folder",
      rules: ["world-writable", "setuid-bit", "empty-password"],
      unless: "the mode, or who writes there, is not known",
    },
    {
      what: "Ports for administration, system volumes and the Docker socket are taken out",
      rules: ["exposed-admin-port", "system-volume", "docker-socket"],
      unless: "the port is not known",
    },
    {
      what: "Images get a version, and a supported one",
      rules: ["untagged-image", "latest-tag", "end-of-life-image"],
      unless: "no list in Plimsoll has the image's tags",
    },
    {
      what: "Install scripts of packages are kept from running",
      rules: ["install-scripts"],
      unless: "a compiler is installed for them",
    },
    {
      what: "Programs belong to root, not to who runs them",
      rules: ["owned-executable"],
      unless: "it is not known to be a program",
    },
    {
      what: "A checksum for what is downloaded and run",
      rules: [],
      unless: "only the publisher knows it: `pipe-to-shell` and `unverified-download` say where it belongs",
    },
    { what: "A digest for an image", rules: [], unless: "only its registry knows it (`unpinned-digest`)" },
  ],
  Size: [
    {
      what: "Build packages move to a stage of their own; what the program needs of them at run time stays",
      rules: ["build-packages", "toolchain-in-image"],
      unless: "what is built, or what of it is needed, cannot be told from the Dockerfile and its context",
    },
    {
      what: "The final stage starts from a smaller image of the same family",
      rules: ["full-base-image"],
      unless: "something of the larger one may be needed",
    },
    {
      what: "Packages that are only recommended are left out, certificates named where https needs them",
      rules: ["recommended-packages", "weak-dependencies"],
      unless:
        "a setting or a switch says otherwise; documentation is left out by the images of the Red Hat family themselves",
    },
    {
      what: "Lists, indexes and caches of package managers do not stay",
      rules: [
        ...["leftover-apt-lists", "apk-cache", "dnf-cache", "yum-cache", "zypper-cache", "pip-cache", "npm-cache"],
        ...["yarn-cache", "conda-cache"],
      ],
      unless: "a mount has them, a later `RUN` works with them, or no command could simply follow",
    },
    {
      what: "Development dependencies stay out of the image",
      rules: ["development-dependencies"],
      unless: "the program, or a build that cannot be taken apart, needs them",
    },
    {
      what: "What one layer brings and another changes or deletes is there once",
      rules: [
        "copied-then-chowned",
        "copied-then-chmodded",
        "removed-in-later-layer",
        "leftover-archive",
        "archive-copy",
        "image-junk",
      ],
      unless: "other files are concerned, or something else uses it",
    },
    {
      what: "`RUN`s are joined",
      rules: ["consecutive-runs", "joinable-runs"],
      unless: "what one sets would hold for the next, or a comment stands between",
    },
    { what: "No log as long as the largest user number", rules: ["useradd-log"], unless: "the number is not known" },
    {
      what: "Programs are built without symbols (`-ldflags=-s`, `strip`)",
      rules: ["debug-symbols"],
      unless: "the build command is not known",
    },
    {
      what: "Bytecode of Python compiled",
      rules: ["uncompiled-bytecode"],
      unless: "it is a trade of size for a faster start, so it is never a finding",
    },
    {
      what: "Manual pages and languages of Debian left out",
      rules: [],
      unless: "the slim images do so themselves, and `dpkg` cannot for what is there",
    },
  ],
  "Build speed": [
    {
      what: "What an install reads is copied first, the sources below it",
      rules: ["sources-before-dependencies"],
      unless: "the install reads, or may read, more than that",
    },
    {
      what: "Downloads are kept in a cache mount",
      rules: ["uncached-install"],
      unless: "the user, or where the cache is, is not known; in the image's own stages only when asked for",
    },
    {
      what: "What an install reads is mounted for it alone",
      rules: ["copied-manifest"],
      unless: "the install may write to it, or nothing brings it for good",
    },
    {
      what: "`npm ci` where there is a lock file",
      rules: ["npm-install-with-lockfile"],
      unless: "no lock file is copied, or it adds a package",
    },
    {
      what: "Arguments that change with each build stand below what is installed",
      rules: ["early-build-argument"],
      unless: "something between names it",
    },
    {
      what: "`apt-get update` stands where its lists are used",
      rules: ["lone-apt-update"],
      unless: "several `RUN`s use them",
    },
    {
      what: "`COPY --link`",
      rules: ["unlinked-copy"],
      unless: "a folder on the way may be a link or have an owner, or the owner is a name",
    },
    {
      what: "Go compiles on the builder's platform for the target's",
      rules: ["emulated-build"],
      unless: "cgo is on, or another program is taken from the stage; `$BUILDPLATFORM` is never taken out",
    },
    {
      what: "`# syntax` for what not every builder knows",
      rules: ["missing-syntax", "outdated-syntax"],
      unless: "another frontend is named",
    },
  ],
  "Correctness and care": [
    {
      what: "Shell form becomes exec form, with a shell that the program replaces where one is needed; and back",
      rules: ["shell-form-command", "malformed-exec-form", "exec-form-command"],
      unless: "only a shell can run it: loops, jobs in the background",
    },
    {
      what: "The program is started itself, not by npm, poetry or uv",
      rules: ["unheard-signal"],
      unless: "the script is more than a command",
    },
    {
      what: "A failing pipe, `cd` or assignment stops the build",
      rules: ["missing-pipefail", "unchecked-cd", "masked-return", "heredoc-without-errexit", "unnoticed-http-error"],
      unless: "the image's shell is not known, or does not have it",
    },
    {
      what: "Nobody is asked for confirmation",
      rules: [
        "interactive-apt-install",
        "interactive-dnf-install",
        "interactive-yum-install",
        "interactive-zypper-install",
      ],
      unless: "a setting or the input answers",
    },
    { what: "`apt-get` in place of `apt`", rules: ["apt-command"], unless: "only `apt` has it, or prints it so" },
    { what: "`COPY` in place of `ADD`", rules: ["add-instead-of-copy"], unless: "it may be an address or an archive" },
    {
      what: "`WORKDIR` in place of `cd`, absolute paths in it and in `COPY`",
      rules: ["cd-in-run", "relative-workdir", "relative-copy-destination"],
      unless: "something below counts on the other directory, or it is not known",
    },
    {
      what: "`name=value` in `ENV` and `LABEL`, a label for `MAINTAINER`, today's names of labels",
      rules: ["legacy-key-value", "maintainer-instruction", "legacy-label", "superfluous-label"],
      unless: "quotes and blanks are mixed",
    },
    {
      what: "Instructions that do nothing, or that a later one replaces, are deleted",
      rules: [
        "duplicate-cmd",
        "duplicate-entrypoint",
        "duplicate-healthcheck",
        "unused-argument",
        "empty-continuation",
        "redundant-platform",
        "tag-and-digest",
      ],
      unless: "stages in between use it",
    },
    {
      what: "A health check with a program that the image has",
      rules: ["missing-healthcheck"],
      unless: "the port is not known, or the image has no program that could ask",
    },
    {
      what: "The stage that `FROM` or `COPY` names moves above it",
      rules: ["later-stage", "unknown-copy-source"],
      unless: "it is the last, or needs one from further down",
    },
    {
      what: "Packages are sorted, long lines broken, chains written as a heredoc",
      rules: ["unsorted-packages", "long-run-line", "chained-run"],
      unless: "a comment or an option stands between",
    },
    {
      what: "Case and spelling",
      rules: [
        "instruction-case",
        "from-as-case",
        "stage-name-case",
        "expose-protocol-case",
        "unknown-instruction",
        "unknown-flag",
        "invalid-mount",
        "invalid-directive",
        "ineffective-directive",
        "invalid-healthcheck",
      ],
      unless: "nothing is similar enough",
    },
    {
      what: "Variables are declared where they are used",
      rules: [
        "argument-out-of-scope",
        "undefined-variable",
        "undefined-image-argument",
        "undefined-shell-variable",
        "env-self-reference",
        "unset-env",
      ],
      unless: "a base image or a script may set them",
    },
    {
      what: "Versions for packages",
      rules: [],
      unless:
        "Debian and others drop old ones, so that the build breaks: the `unpinned-` rules are there for who wants that, and know no versions",
    },
    {
      what: "`apt-get upgrade` is left out",
      rules: [],
      unless: "it is contested: `package-upgrade` and `dist-upgrade` only say so",
    },
  ],
};
