/**
 * When releases of base images stopped getting security fixes: the end of the last support that everybody gets, long-term support by
 * volunteers included, paid support not. From the projects' own pages, named at each, and compared with https://endoflife.date (its
 * repository of 2026-08-22).
 *
 * Only what ended before `AS_OF` counts: the table says nothing of the future.
 */

/** The state of the table. Nothing below `lint` has a clock, so that the same text always gets the same verdict. */
export const AS_OF = "2026-11-01";

/** Releases, and their last day, `yyyy-mm-dd`. */
type Releases = Readonly<Record<string, string>>;

/** By the name of the release in tags. https://www.debian.org/releases/, https://wiki.debian.org/LTS */
export const DEBIAN: Releases = {
  wheezy: "2018-05-31",
  jessie: "2020-06-30",
  stretch: "2022-06-30",
  buster: "2024-06-30",
  bullseye: "2026-08-31",
};

export const DEBIAN_NUMBERS: Readonly<Record<string, string>> = {
  "7": "wheezy",
  "8": "jessie",
  "9": "stretch",
  "10": "buster",
  "11": "bullseye",
};

/** https://ubuntu.com/about/release-cycle, https://wiki.ubuntu.com/Releases */
export const UBUNTU: Releases = {
  "12.04": "2017-04-28",
  "14.04": "2019-04-25",
  "16.04": "2021-04-30",
  "18.04": "2023-05-31",
  "20.04": "2025-05-31",
  "16.10": "2017-07-20",
  "17.04": "2018-01-13",
  "17.10": "2018-07-19",
  "18.10": "2019-07-18",
  "19.04": "2020-01-23",
  "19.10": "2020-07-06",
  "20.10": "2021-07-22",
  "21.04": "2022-01-20",
  "21.10": "2022-07-14",
  "22.10": "2023-07-20",
  "23.04": "2024-01-25",
  "23.10": "2024-07-11",
  "24.10": "2025-07-10",
  "25.04": "2026-01-17",
  "25.10": "2026-07-01",
};

export const UBUNTU_NAMES: Readonly<Record<string, string>> = {
  precise: "12.04",
  trusty: "14.04",
  xenial: "16.04",
  bionic: "18.04",
  groovy: "20.10",
  hirsute: "21.04",
  impish: "21.10",
  focal: "20.04",
  kinetic: "22.10",
  lunar: "23.04",
  mantic: "23.10",
  oracular: "24.10",
  plucky: "25.04",
  questing: "25.10",
};

/** https://alpinelinux.org/releases/ */
export const ALPINE: Releases = {
  "3.1": "2016-11-01",
  "3.2": "2017-05-01",
  "3.3": "2017-11-01",
  "3.4": "2018-05-01",
  "3.5": "2018-11-01",
  "3.6": "2019-05-01",
  "3.7": "2019-11-01",
  "3.8": "2020-05-01",
  "3.9": "2020-11-01",
  "3.10": "2021-05-01",
  "3.11": "2021-11-01",
  "3.12": "2022-05-01",
  "3.13": "2022-11-01",
  "3.14": "2023-05-01",
  "3.15": "2023-11-01",
  "3.16": "2024-05-23",
  "3.17": "2024-11-22",
  "3.18": "2025-05-09",
  "3.19": "2025-11-01",
  "3.20": "2026-04-01",
  "3.21": "2026-11-01",
};

export interface Product {
  /** For messages. */
  readonly label: string;
  readonly releases: Releases;
}

/** By repository on Docker Hub. A release is told by the numbers that a tag begins with. */
export const PRODUCTS: Readonly<Record<string, Product>> = {
  // https://github.com/nodejs/release#release-schedule
  node: {
    label: "Node.js",
    releases: {
      "4": "2018-04-30",
      "5": "2016-06-30",
      "6": "2019-04-30",
      "7": "2017-06-30",
      "8": "2019-12-31",
      "9": "2018-06-30",
      "10": "2021-04-30",
      "11": "2019-06-01",
      "12": "2022-04-30",
      "13": "2020-06-01",
      "14": "2023-04-30",
      "15": "2021-06-01",
      "16": "2023-09-11",
      "17": "2022-06-01",
      "18": "2025-04-30",
      "19": "2023-06-01",
      "20": "2026-04-30",
      "21": "2024-06-01",
      "23": "2025-06-01",
      "25": "2026-06-01",
    },
  },
  // https://devguide.python.org/versions/
  python: {
    label: "Python",
    releases: {
      "2.7": "2020-01-01",
      "2": "2020-01-01",
      "3.3": "2017-09-29",
      "3.4": "2019-03-18",
      "3.5": "2020-09-30",
      "3.6": "2021-12-23",
      "3.7": "2023-06-27",
      "3.8": "2024-10-07",
      "3.9": "2025-10-31",
      "3.10": "2026-10-31",
    },
  },
  // https://www.ruby-lang.org/en/downloads/branches/
  ruby: {
    label: "Ruby",
    releases: {
      "2.1": "2017-03-31",
      "2.2": "2018-03-31",
      "2.3": "2019-03-31",
      "2.4": "2020-03-31",
      "2.5": "2021-03-31",
      "2.6": "2022-04-12",
      "2.7": "2023-03-31",
      "2": "2023-03-31",
      "3.0": "2024-04-23",
      "3.1": "2025-03-26",
      "3.2": "2026-03-31",
    },
  },
  // https://www.php.net/eol.php, https://www.php.net/supported-versions.php
  php: {
    label: "PHP",
    releases: {
      "5.3": "2014-08-14",
      "5.4": "2015-09-14",
      "5.5": "2016-07-21",
      "5.6": "2018-12-31",
      "5": "2018-12-31",
      "7.0": "2019-01-10",
      "7.1": "2019-12-01",
      "7.2": "2020-11-30",
      "7.3": "2021-12-06",
      "7.4": "2022-11-28",
      "7": "2022-11-28",
      "8.0": "2023-11-26",
      "8.1": "2025-12-31",
    },
  },
  // https://go.dev/doc/devel/release#policy: until two newer ones are out
  golang: {
    label: "Go",
    releases: {
      "1.10": "2019-02-25",
      "1.11": "2019-09-03",
      "1.12": "2020-02-25",
      "1.13": "2020-08-11",
      "1.14": "2021-02-16",
      "1.15": "2021-08-16",
      "1.16": "2022-03-15",
      "1.17": "2022-08-02",
      "1.18": "2023-02-01",
      "1.19": "2023-08-08",
      "1.20": "2024-02-06",
      "1.21": "2024-08-13",
      "1.22": "2025-02-11",
      "1.23": "2025-08-12",
      "1.24": "2026-02-10",
    },
  },
  // https://www.postgresql.org/support/versioning/
  postgres: {
    label: "PostgreSQL",
    releases: {
      "9.2": "2017-11-09",
      "9.3": "2018-11-08",
      "9.4": "2020-02-13",
      "9.5": "2021-02-11",
      "9.6": "2021-11-11",
      "9": "2021-11-11",
      "10": "2022-11-10",
      "11": "2023-11-09",
      "12": "2024-11-21",
      "13": "2025-11-13",
    },
  },
  // https://www.mysql.com/support/, https://dev.mysql.com/doc/refman/8.0/en/
  mysql: {
    label: "MySQL",
    releases: { "5.5": "2018-12-31", "5.6": "2021-02-05", "5.7": "2023-10-31", "5": "2023-10-31", "8.0": "2026-04-30" },
  },
  // https://www.mongodb.com/legal/support-policy/lifecycles
  mongo: {
    label: "MongoDB",
    releases: {
      "3.4": "2020-01-31",
      "3.6": "2021-04-30",
      "3": "2021-04-30",
      "4.0": "2022-04-30",
      "4.2": "2023-04-30",
      "4.4": "2024-02-29",
      "4": "2024-02-29",
      "5.0": "2024-10-31",
      "5": "2024-10-31",
      "6.0": "2025-07-31",
      "6": "2025-07-31",
    },
  },
  // https://www.centos.org/centos-linux-eol/, https://www.centos.org/cl-vs-cs/
  centos: { label: "CentOS", releases: { "6": "2020-11-30", "7": "2024-06-30", "8": "2021-12-31" } },
  // https://docs.fedoraproject.org/en-US/releases/eol/
  fedora: {
    label: "Fedora",
    releases: {
      "28": "2019-05-28",
      "29": "2019-11-26",
      "30": "2020-05-26",
      "31": "2020-11-24",
      "32": "2021-05-25",
      "33": "2021-11-30",
      "34": "2022-06-07",
      "35": "2022-12-13",
      "36": "2023-05-16",
      "37": "2023-12-05",
      "38": "2024-05-21",
      "39": "2024-11-26",
      "40": "2025-05-13",
      "41": "2025-12-15",
      "42": "2026-05-27",
    },
  },
  // https://mariadb.org/about/#maintenance-policy
  mariadb: {
    label: "MariaDB",
    releases: {
      "10.1": "2020-10-17",
      "10.2": "2022-05-23",
      "10.3": "2023-05-25",
      "10.4": "2024-06-18",
      "10.5": "2025-06-24",
      "10.6": "2026-07-06",
      "10.7": "2023-02-09",
      "10.8": "2023-05-20",
      "10.9": "2023-08-22",
      "10.10": "2023-11-17",
      "11.0": "2024-06-06",
      "11.1": "2024-08-21",
      "11.2": "2024-11-21",
      "11.3": "2024-05-29",
      "11.5": "2024-11-21",
      "11.6": "2025-02-13",
      "11.7": "2025-05-12",
      "12.0": "2025-11-18",
      "12.1": "2026-02-13",
      "12.2": "2026-05-28",
    },
  },
  // https://hexdocs.pm/elixir/compatibility-and-deprecations.html
  elixir: {
    label: "Elixir",
    releases: {
      "1.10": "2023-06-19",
      "1.11": "2023-12-22",
      "1.12": "2024-06-12",
      "1.13": "2024-12-19",
      "1.14": "2025-10-16",
      "1.15": "2026-06-03",
    },
  },
  // https://www.erlang.org/downloads
  erlang: {
    label: "Erlang/OTP",
    releases: { "22": "2024-03-18", "23": "2024-03-14", "24": "2024-05-10", "25": "2025-05-17", "26": "2026-05-26" },
  },
  // https://aws.amazon.com/amazon-linux-2/faqs/
  amazonlinux: { label: "Amazon Linux", releases: { "1": "2023-12-31", "2018.03": "2023-12-31", "2": "2026-06-30" } },
  // https://tomcat.apache.org/whichversion.html
  tomcat: {
    label: "Tomcat",
    releases: {
      "7": "2021-03-31",
      "7.0": "2021-03-31",
      "8.0": "2018-06-30",
      "8.5": "2024-03-31",
      "10.0": "2022-10-31",
    },
  },
};

/** Releases that end within months of `AS_OF`, by repository: nothing to move to. The same pages. */
export const ENDING: Readonly<Record<string, readonly string[]>> = {
  python: ["3.10"],
  php: ["8.2"],
  postgres: ["14"],
  alpine: ["3.21"],
};

/** .NET's images: https://dotnet.microsoft.com/platform/support/policy/dotnet-core */
export const DOTNET: Product = {
  label: ".NET",
  releases: {
    "2.1": "2021-08-21",
    "3.0": "2020-03-03",
    "3.1": "2022-12-13",
    "5.0": "2022-05-10",
    "6.0": "2024-11-12",
    "7.0": "2024-05-14",
  },
};

export interface Deprecated {
  /** The last day on which it got fixes, `yyyy-mm-dd`. */
  readonly end: string;
  readonly instead: string;
  /** Tags that are still looked after. */
  readonly except?: RegExp;
}

/** Official images that their publishers have given up, whatever the tag: https://github.com/docker-library/docs (`deprecated.md`). */
export const DEPRECATED: Readonly<Record<string, Deprecated>> = {
  // https://hub.docker.com/_/openjdk: only early-access builds get updates.
  openjdk: { end: "2022-07-31", instead: "eclipse-temurin", except: /-(?:ea|rc)(?:-|$)/ },
  // https://hub.docker.com/_/java, https://hub.docker.com/_/adoptopenjdk
  java: { end: "2016-12-31", instead: "eclipse-temurin" },
  adoptopenjdk: { end: "2021-08-01", instead: "eclipse-temurin" },
};

/** Versions for which `eclipse-temurin` has `-jdk`, `-jre`, `-jdk-alpine` and `-jre-alpine`: https://hub.docker.com/_/eclipse-temurin */
export const TEMURIN_VERSIONS: readonly string[] = ["8", "11", "17", "21", "25"];
