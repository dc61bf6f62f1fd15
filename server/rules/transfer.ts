/** What the rules about downloads share: the options of curl and wget, the hosts that are near, and what verifies a file. */
import type { Command } from "../model/command.ts";
import type { Run } from "../model/run.ts";
import type { ShellWord } from "../syntax/shell.ts";
import { contains } from "../syntax/text.ts";
import { named, type Option, type Options, optionNames, readOptions } from "./options.ts";
import { removeArguments } from "./package-rules.ts";
import type { Edit } from "./rule.ts";

// curl(1), wget(1): those that take a value.
const CURL = optionNames(
  "-A -b -c -C -d -D -e -E -F -H -K -m -o -P -Q -r -t -T -u -U -w -x -X -y -Y -z --user-agent --cookie --cookie-jar --continue-at --data --data-ascii --data-binary --data-raw --data-urlencode --json --dump-header --referer --cert --cert-type --key --key-type --pass --cacert --capath --form --form-string --header --proxy-header --config --max-time --connect-timeout --output --output-dir --ftp-port --quote --range --telnet-option --upload-file --user --proxy-user --write-out --proxy --preproxy --noproxy --socks4 --socks4a --socks5 --socks5-hostname --request --speed-time --speed-limit --time-cond --retry --retry-delay --retry-max-time --url --proto --proto-default --proto-redir --tls-max --ciphers --tls13-ciphers --curves --resolve --connect-to --interface --limit-rate --max-filesize --max-redirs --oauth2-bearer --aws-sigv4 --unix-socket --netrc-file --pinnedpubkey --doh-url --dns-servers --engine --expect100-timeout --keepalive-time --local-port --rate --parallel-max --stderr --trace --trace-ascii --create-file-mode --url-query --variable --service-name --delegation --crlfile --hsts --alt-svc --etag-save --etag-compare --proxy-cacert --proxy-capath --proxy-cert --proxy-key",
);
const WGET = optionNames(
  "-e -o -a -i -B -t -O -T -w -Q -P -U -l -A -R -D -I -X --execute --output-file --append-output --input-file --base --tries --output-document --timeout --dns-timeout --connect-timeout --read-timeout --wait --waitretry --quota --directory-prefix --user-agent --header --referer --user --password --http-user --http-password --http-passwd --ftp-user --ftp-password --proxy-user --proxy-password --post-data --post-file --method --body-data --body-file --certificate --certificate-type --private-key --private-key-type --ca-certificate --ca-directory --crl-file --pinnedpubkey --secure-protocol --ciphers --level --accept --reject --domains --load-cookies --save-cookies --limit-rate --cut-dirs --default-page --progress --max-redirect --bind-address --restrict-file-names --local-encoding --remote-encoding --config",
);

/** The options of a command that is curl or wget. */
export function transferOptions({ program, args }: Command): Options | undefined {
  if (program === "curl") return readOptions(args, CURL);
  return program === "wget" || program === "wget2" ? readOptions(args, WGET) : undefined;
}

/** What curl or wget fetches; variables whose values are known are resolved. */
export function urlsOf(run: Run, command: Command): readonly ShellWord[] {
  const options = transferOptions(command);
  if (!options) return [];
  const given = named(options, "--url", "-i", "--input-file").flatMap(({ valueWord }) => valueWord ?? []);
  return [...options.operands, ...given].flatMap((word) => run.resolve(word));
}

/** All that it fetches is on this machine. */
export function isLocalTransfer(run: Run, command: Command): boolean {
  const urls = urlsOf(run, command);
  return urls.length > 0 && urls.every(({ value, text }) => isLoopback(hostOf(value ?? text) ?? ""));
}

/** The host of a URL, in lower case, without port and user; `undefined`: it is not known, or there is none. */
export function hostOf(url: string): string | undefined {
  const match = /^(?:["']?(?:[a-z][a-z0-9+.-]*:)?\/\/)?(?:[^/@\s]*@)?(\[[\da-f:.]+\]|[^/:?#\s"']+)/i.exec(url);
  const host = match?.[1]?.toLowerCase();
  return host === undefined || /[$`{}<>%*]/.test(host) ? undefined : host;
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/i.test(host);
}

/** A host that is only reached from where the build runs: on its own machine, in its network, or one that does not exist. */
export function isNear(host: string): boolean {
  if (isLoopback(host) || !host.includes(".")) return true;
  // RFC 1918, RFC 3927, RFC 6598, RFC 4193
  if (/^(?:10|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(host))
    return true;
  if (/^\[f[cd]/.test(host)) return true;
  // RFC 2606, RFC 6761, RFC 6762, RFC 9476 and what is left to private use
  return /(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|local|internal|intranet|corp|lan|home|home\.arpa)$/.test(
    host,
  );
}

/** Programs that are handed a checksum or a signature to compare. */
export function isVerification({ program = "", args }: Command): boolean {
  const has = (pattern: RegExp): boolean => args.some(({ value, text }) => pattern.test(value ?? text));
  if (/^(?:md5|sha(?:1|224|256|384|512)|b2|b3)sum$|^shasum$/.test(program)) return has(/^(?:-\w*c\w*|--check)$/);
  if (/^(?:gpgv?2?|gpgv)$/.test(program)) return program.startsWith("gpgv") || has(/^--(?:batch-)?verify$/);
  if (program === "openssl") return has(/^-(?:verify|signature)$/);
  if (/^(?:cosign|minisign|signify|slsa-verifier|rpmkeys|sigstore)$/.test(program)) return true;
  if (program === "rpm") return has(/^(?:-\w*K\w*|--checksig)$/);
  return program === "gh" && has(/^attestation$/);
}

/** Whether a command of the RUN verifies something, behind `after` if given. */
export function isVerified(run: Run, after?: Command): boolean {
  return run.commands.some((command) => isVerification(command) && (!after || command.range.start > after.range.start));
}

/** The commands inside the expansions and process substitutions of a word. */
export function commandsIn(run: Run, word: ShellWord): readonly Command[] {
  return run.commands.filter(({ shell, range }) => shell?.place === "substitution" && contains(word.range, range));
}

/** Takes an option out, its value included: the letter alone where others stand in the same word. */
export function removeOption(run: Run, command: Command, option: Option): Edit {
  const { word, valueWord, range, bundled } = option;
  if (bundled && !valueWord && range.end - range.start < word.range.end - word.range.start)
    return { ...range, text: "" };
  return removeArguments(run, command, word, ...(valueWord ? [valueWord] : []));
}
