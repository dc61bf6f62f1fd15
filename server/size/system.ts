/** What an image holds at a point, as far as apt is concerned: packages, lists, and how apt is configured. */
import type { BaseSize } from "./base.ts";
import { resolve } from "./resolve.ts";
import type { SizedPackage, SizeRelease, SizeTable } from "./table.ts";

export interface System {
  /** `undefined`: its packages are in no table. */
  readonly table: SizeTable | undefined;
  readonly isSlim: boolean;
  readonly installed: ReadonlySet<SizedPackage>;
  /** The image that may have more packages than `installed`; `undefined`: none, the list is whole. */
  readonly inexact: string | undefined;
  readonly hasLists: boolean;
  /** Packages were removed, so that apt may find others that nothing needs. */
  readonly hasRemoved: boolean;
  /** apt's configuration says so. */
  readonly withoutRecommends: boolean;
  /** Names of packages that come from elsewhere than Debian. */
  readonly foreign: readonly RegExp[];
  /** The packages do not come from the release's own archive. */
  readonly isMixed: boolean;
}

/** What holds at the beginning of a stage that starts from an image. */
export function startOf(
  base: BaseSize,
  tables: Readonly<Partial<Record<SizeRelease, SizeTable>>>,
  name: string,
): System {
  const table = base.release && tables[base.release];
  const wanted = table ? (base.packages ?? []).flatMap((one) => table.find(one) ?? []) : [];
  const own = table?.baseSet ?? new Set();
  return {
    table,
    isSlim: base.isSlim,
    installed: new Set([...own, ...resolve(wanted, own, false)]),
    inexact: base.packages ? undefined : name,
    hasLists: false,
    hasRemoved: false,
    withoutRecommends: false,
    foreign: [],
    isMixed: false,
  };
}

/** What a RUN does to apt's configuration, before it installs. */
export function configured(system: System, text: string): System {
  const foreign = ARCHIVES.filter(([archive]) => archive.test(text)).map(([, names]) => names);
  const writes = /\/etc\/apt\/apt\.conf/.test(text);
  if (foreign.length === 0 && !text.includes("apt")) return system;
  return {
    ...system,
    withoutRecommends: system.withoutRecommends || (writes && REFUSAL.test(text)),
    foreign: foreign.length > 0 ? [...system.foreign, ...foreign] : system.foreign,
    isMixed:
      system.isMixed || (/\/etc\/apt\/[^;&|]*sources/.test(text) && /\b(?:sid|unstable|testing|forky)\b/.test(text)),
  };
}

/** apt's option against recommended packages, on the command line or in a file. */
export const REFUSAL = /APT::Install-Recommends["']?\s*=?\s*\\?["']?(?:false|0|no|off)/i;

/** Where other archives than Debian's are written of in a RUN, and the packages of Debian's names that then come from them. */
const ARCHIVES: readonly (readonly [RegExp, RegExp])[] = [
  [/nodesource/, /^(?:nodejs|npm)$/],
  [/apt\.postgresql\.org|pgdg/, /^(?:postgresql|libpq|pgbouncer|pgbackrest|pgadmin)/],
  [/packages\.sury\.org|ppa:ondrej/, /^(?:php|libapache2-mod-php)/],
  [/apt\.llvm\.org|llvm\.sh/, /^(?:clang|llvm|lld|libclang|lldb|libc\+\+)/],
  [/download\.docker\.com|get\.docker\.com/, /^(?:docker|containerd)/],
  [/mariadb\.org|mariadb_repo/, /^(?:mariadb|libmariadb)/],
  [/repo\.mysql\.com|repo\.percona\.com/, /^(?:mysql|default-mysql|libmysql|percona)/],
  [/nginx\.org|openresty\.org/, /^(?:nginx|libnginx)/],
  [/cli\.github\.com/, /^gh$/],
  [/packages\.redis\.io/, /^redis/],
  [/rabbitmq/, /^(?:rabbitmq|erlang)/],
  [/erlang-solutions/, /^(?:erlang|elixir|esl-erlang)/],
  [/influxdata\.com|repos\.influx/, /^influxdb/],
  [/dl\.yarnpkg\.com/, /^yarn$/],
  [/pkgs\.k8s\.io|apt\.kubernetes\.io/, /^(?:kube|cri-tools)/],
  [/packages\.microsoft\.com/, /^(?:azure-cli|dotnet|moby|unixodbc|odbcinst)/],
  [/packages\.ros\.org/, /^(?:ros-|python3-(?:ros|colcon|vcs|catkin))/],
  [/cloud\.r-project\.org|cran\./, /^(?:r-|littler$)/],
  [/download\.mono-project\.com/, /^(?:mono|libmono|nuget|ca-certificates-mono)/],
  [/haproxy\.debian\.net/, /^haproxy/],
  [/packages\.icinga\.(?:com|org)/, /^icinga/],
];
