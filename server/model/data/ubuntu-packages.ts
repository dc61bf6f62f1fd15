/**
 * What a program keeps needing of the Ubuntu packages that it was built with. By hand, of the packages that Dockerfiles
 * install most, from what the `-dev` package of each release depends on: https://packages.ubuntu.com/jammy/libssl-dev, and so on.
 * Compared with those pages: OpenSSL's, curl's and MySQL's; the others are from memory.
 */

/** By the version of the release that supports it the longest. */
export type UbuntuRelease = "22.04" | "24.04";

/** The compiler's library of the same name in all releases, and what leaves nothing in any. */
const ALL: Readonly<Record<string, readonly string[]>> = {
  "build-essential": ["libgomp1"],
  "g++": ["libgomp1"],
  "libasio-dev": [],
  "libboost-dev": [],
  "libc6-dev": [],
  "libeigen3-dev": [],
  "nlohmann-json3-dev": [],
  "ninja-build": [],
  "pkg-config": [],
  "rapidjson-dev": [],
  autoconf: [],
  automake: [],
  bison: [],
  clang: ["libgomp1"],
  cmake: [],
  flex: [],
  gcc: ["libgomp1"],
  gfortran: ["libgfortran5", "libgomp1"],
  libtool: ["libgomp1"],
  make: [],
  meson: [],
  nasm: [],
};

/** What is called the same in the two releases. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  "default-libmysqlclient-dev": ["libmysqlclient21"],
  "libbz2-dev": ["libbz2-1.0"],
  "libffi-dev": ["libffi8"],
  "libfreetype-dev": ["libfreetype6"],
  "libfreetype6-dev": ["libfreetype6"],
  "libjpeg-dev": ["libjpeg8"],
  "libjsoncpp-dev": ["libjsoncpp25"],
  "liblzma-dev": ["liblzma5"],
  "libmysqlclient-dev": ["libmysqlclient21"],
  "libncurses-dev": ["libncurses6", "libncursesw6", "libtinfo6"],
  "libncurses5-dev": ["libncurses6", "libncursesw6", "libtinfo6"],
  "libpq-dev": ["libpq5"],
  "libsodium-dev": ["libsodium23"],
  "libsqlite3-dev": ["libsqlite3-0"],
  "libusb-1.0-0-dev": ["libusb-1.0-0"],
  "libxml2-dev": ["libxml2"],
  "libxslt1-dev": ["libxslt1.1"],
  "libyaml-dev": ["libyaml-0-2"],
  "libzmq3-dev": ["libzmq5"],
  "uuid-dev": ["libuuid1"],
  "zlib1g-dev": ["zlib1g"],
};

const RELEASES: Readonly<Record<UbuntuRelease, Readonly<Record<string, readonly string[]>>>> = {
  "22.04": {
    ...SAME,
    "libboost-chrono-dev": ["libboost-chrono1.74.0"],
    "libboost-date-time-dev": ["libboost-date-time1.74.0"],
    "libboost-filesystem-dev": ["libboost-filesystem1.74.0"],
    "libboost-iostreams-dev": ["libboost-iostreams1.74.0"],
    "libboost-program-options-dev": ["libboost-program-options1.74.0"],
    "libboost-regex-dev": ["libboost-regex1.74.0"],
    "libboost-serialization-dev": ["libboost-serialization1.74.0"],
    "libboost-system-dev": ["libboost-system1.74.0"],
    "libboost-thread-dev": ["libboost-thread1.74.0"],
    "libcurl4-gnutls-dev": ["libcurl3-gnutls"],
    "libcurl4-openssl-dev": ["libcurl4"],
    "libfmt-dev": ["libfmt8"],
    "libhiredis-dev": ["libhiredis0.14"],
    "libmicrohttpd-dev": ["libmicrohttpd12"],
    "libpng-dev": ["libpng16-16"],
    "libreadline-dev": ["libreadline8"],
    "libssl-dev": ["libssl3"],
    "libuv1-dev": ["libuv1"],
  },
  "24.04": {
    ...SAME,
    "libcurl4-gnutls-dev": ["libcurl3t64-gnutls"],
    "libcurl4-openssl-dev": ["libcurl4t64"],
    "libfmt-dev": ["libfmt9"],
    "libhiredis-dev": ["libhiredis1.1.0"],
    "libmicrohttpd-dev": ["libmicrohttpd12t64"],
    "libpng-dev": ["libpng16-16t64"],
    "libreadline-dev": ["libreadline8t64"],
    "libssl-dev": ["libssl3t64"],
    "libuv1-dev": ["libuv1t64"],
  },
};

/** What the `ubuntu` images have: dpkg, util-linux and apt need them. */
const IN_BASE: ReadonlySet<string> = new Set(["libbz2-1.0", "liblzma5", "libtinfo6", "libuuid1", "zlib1g"]);

/** @returns the packages, without those that every image of Ubuntu has; `undefined`: not known for that package or release. */
export function ubuntuRuntime(name: string, release: string | undefined): readonly string[] | undefined {
  const plain = name.replace(/^(gcc|g\+\+|gfortran|clang)-\d+$/, "$1");
  if (Object.hasOwn(ALL, plain)) return ALL[plain];
  const known = Object.entries(RELEASES).find(([version]) => version === release)?.[1];
  return known && Object.hasOwn(known, name) ? known[name]!.filter((one) => !IN_BASE.has(one)) : undefined;
}
