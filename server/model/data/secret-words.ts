/**
 * The words and forms that tell a secret. Collected from what BuildKit (`SecretsUsedInArgOrEnv`), Trivy (DS-0031), hadolint
 * (DL3064), Sonar (S6472) and Dockle report, from what their users complained about, and from the names in 95,698 public
 * Dockerfiles; the formats of tokens are those that their issuers document. All words are in lower case.
 */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Name a secret wherever they end a name. */
export const SECRET_NOUNS = words(`
  apikey apikeys apisecret apitoken authtoken credential credentials creds cred mnemonic passcode passphrase passwd
  passwds password passwords psw pword secret secrets secretkey token
`);

/** Name a secret only when one of these stands right before: `API_KEY`, but not `CACHE_KEY`. */
const KEY_QUALIFIERS = words(`
  access account admin agent airtable algolia anthropic api app application auth authentication authorization aws azure
  backblaze bitbucket cert certificate cipher client cloudflare cohere consumer cookie crypt crypto csrf customer
  datadog decrypt decryption deploy deployment digitalocean encrypt encryption fastly fernet gemini git github gitlab
  groq heroku hmac honeycomb ingest install integration jwt licence license linode mailchimp mailgun mandrill maps
  master meili mistral network newrelic nonce oauth openai openrouter opsgenie pagerduty pinecone postmark priv private
  product prv pusher rails read registration replicate role root rsa salt secret security segment sendgrid server
  service session shared sign signature signing slack sparkpost ssh ssl storage stripe subscription supabase tls token
  transport trello twilio unseal user vault wallet webhook wg wireguard write x509
`);

/** What has to stand right before the last word to make it a secret. */
export const QUALIFIED_NOUNS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["key", KEY_QUALIFIERS],
  ["keys", words("access api auth encryption license master priv private secret service signing unseal")],
  ["tokens", words("access api auth bearer bot deploy personal refresh secret session")],
  ["pat", words("ado azure bitbucket devops dockerhub docker gh git github gitlab hub")],
  ["auth", words("basic composer docker http neo4j npm proxy redis registry requirepass")],
]);

/** Name a secret alone and after anything; `pwd` alone is the working directory. */
export const SHORT_NOUNS = words("pass pw pwd");

/** A secret that ends another word without a separator: `ACCESSTOKEN`, `S3SECRETACCESSKEY`, `PGPASSWORD`. */
export const SECRET_ENDINGS: readonly string[] = [
  ...["password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "secretkey", "privatekey"],
  ...["masterkey", "authkey", "signingkey", "encryptionkey", "licensekey", "deploykey"],
  ...["adminpass", "dbpass", "mailpass", "mysqlpass", "redispass", "rootpass", "smtppass", "userpass"],
  ...["adminpwd", "dbpwd", "mysqlpwd", "rootpwd", "sapwd", "userpwd"],
];

/** Ends of names that are half of a pair of credentials, or a credential, though the last word is harmless. */
export const CREDENTIAL_PHRASES: readonly string[] = [
  "access key id",
  "accesskey id",
  "access keyid",
  "approle secret id",
  "pass phrase",
  "pass word",
  "role secret id",
  "vault secret id",
];

/** Say what a password or token is for when they stand after it: `PASSWORD_DB`, `TOKEN_BOT`. */
export const LEADING_NOUNS = words("apikey pass passwd password pwd secret token");
export const SYSTEM_WORDS = words(`
  aws bot database db dockerhub ftp gh git github gitlab imap ldap mail mariadb mongo mongodb mysql npm postgres redis root
  sftp slack smtp sql telegram vpn
`);

/** Say which one or how it is written, not what it is: `SECRET_KEY_BASE`, `STRIPE_SECRET_KEY_TEST`. */
export const TRAILING_WORDS = words(`
  arg b64 base base64 data decoded default dev development encoded env live local new old plain plaintext primary private
  prod production raw readonly ro rw secondary staging test testing value
`);

/** Anywhere in the name: what it holds is no secret, or it switches something. */
export const CLEARING_WORDS = words(`
  allow anon disable disallow dummy empty enable enabled fake fastcgi generate ignore placeholder pub public publishable random
  require required sample skip uwsgi
`);

/** The same, but only as the first word. */
export const CLEARING_FIRST_WORDS = words("has hide is no not show use with without");

/** Before the last word: a public key, known by its fingerprint. */
export const PUBLIC_KEY_WORDS = words("apt authorized gnupg gpg keyring known pgp recv verification verify");

/** Right before `token` or `tokens`: a piece of text for a language model, a count, or a check against forgery. */
export const COUNTED_TOKEN_WORDS = words(`
  bos cls context count eos input mask max min num number output pad sep special stop unk
`);

/** Right before `key`: no fingerprint identifies such a key. */
export const UNPUBLISHED_KEY_WORDS = words(`
  access api app auth cookie csrf encryption jwt license master private secret session
`);

/** Values of `..._AUTH` that name a method. */
export const AUTHENTICATION_METHODS = words(`
  anonymous basic bearer cert config cookie db digest file gssapi htpasswd ident iam internal jwt kerberos ldap local
  login md5 memory native ntlm oauth oauth2 oidc pam password peer plain saml scram sha1 sha256 sha512 token trust x509
`);

/** Whole values that nobody means as a secret that stays, without the digits and signs after them. */
export const DUMMY_VALUES = words(`
  abc abcd abcdef admin administrator anonymous asdf bar baz bitnami changeit changeme default demo dev developer docker elastic
  empty example fake foo foobar grafana guest hidden hunter jenkins kong letmein magento mariadb minio minioadmin mongo
  mysql nagios nobody notset odoo oracle p@ss p@ssw0rd p@ssword pass passw0rd password passwd postgres postgresql pw qwerty
  rabbitmq random redis replica root s3cr3t sa secr3t secret secretkey secure sekret string sys system tbd temp temporary test tester testing
  todo tomcat token toor unset user username vagrant value vncpassword welcome wordpress zabbix
`);

/** Words in a value that is to be replaced. */
export const PLACEHOLDER_WORDS = words(`
  change changed changeit changeme changethis define defineme demo dummy edit editme enter example examplekey fake fill
  fillme fixme here insert invalid mock none notreal notset override overwrite placeholder please provide redacted
  removed replace replaceme required sample set setme some test testing todo unset you your yours
`);

/** A value that is a secret whatever it is called. */
export interface SecretForm {
  readonly id: string;
  /** In words, with an article: "an AWS access key id". */
  readonly kind: string;
  /** Global; group 1, where there is one, is the secret, and the rest its surroundings. */
  readonly pattern: RegExp;
}

/** The forms that secretlint 12 does not know, looks for under narrower conditions, or reports at a wrong place. */
export const SECRET_FORMS: readonly SecretForm[] = [
  { id: "aws-access-key-id", kind: "an AWS access key id", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    id: "aws-secret-access-key",
    kind: "an AWS secret access key",
    pattern:
      /(?:secret_?access_?key|aws_?secret_?key)["']?(?:\s{0,9}[:=]\s{0,9}|\s{1,9})["']?([a-z0-9/+]{40})(?![a-z0-9/+=])/gi,
  },
  { id: "azure-storage", kind: "an Azure storage key", pattern: /\bAccountKey=([A-Za-z0-9+/]{86}==)/g },
  {
    id: "private-key",
    kind: "a private key",
    // The head alone is often what a script looks for. With key material soon after it, it is a key.
    pattern: /-----BEGIN (?:[A-Z0-9]{1,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,120}?[A-Za-z0-9+/]{40}/g,
  },
  {
    id: "git-token",
    kind: "a token in a URL",
    pattern:
      /\bhttps?:\/\/([A-Za-z0-9_-]{20,255})(?::x-oauth-basic|:)?@(?:[\w-]{1,63}\.){0,4}(?:github|gitlab|bitbucket)\./g,
  },
  { id: "stripe", kind: "a Stripe live key", pattern: /\b[sr]k_live_[A-Za-z0-9]{16,247}\b/g },
  { id: "stripe-webhook", kind: "a Stripe webhook secret", pattern: /\bwhsec_[A-Za-z0-9+/]{32,99}/g },
  { id: "pypi", kind: "a PyPI token", pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,999}/g },
  { id: "google-api-key", kind: "a Google API key", pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { id: "google-oauth", kind: "a Google OAuth client secret", pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/g },
  { id: "anthropic", kind: "an Anthropic key", pattern: /\bsk-ant-[a-z]{3,9}\d\d-[A-Za-z0-9_-]{80,200}/g },
  {
    id: "openai",
    kind: "an OpenAI key",
    pattern: /\bsk-(?:[a-z]{4,9}-)?[A-Za-z0-9_-]{20,99}T3BlbkFJ[A-Za-z0-9_-]{20,99}/g,
  },
  { id: "sendgrid", kind: "a SendGrid key", pattern: /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g },
  {
    id: "gitlab",
    kind: "a GitLab token",
    pattern: /\bgl(?:agent|cbt|dt|ft|imt|oas|pat|ptt|rt|rtr|soat)-[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{9})?/g,
  },
  {
    id: "npmrc",
    kind: "a password of an npm registry",
    pattern: /\b_(?:authToken|auth|password)(?:\s{0,9}=\s{0,9}|\s{1,9})["']?([A-Za-z0-9+/_.=-]{16,999})/g,
  },
];
