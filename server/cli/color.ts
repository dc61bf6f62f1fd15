/** Colours of the terminal: https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** Styles a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export function paintFor(isColored: boolean): Paint {
  if (!isColored) return (_, text) => text;
  return (style, text) => {
    const [on, off] = CODES[style];
    return text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** Code in backticks, told apart by its colour where there is one. */
export function paintCode(paint: Paint, text: string): string {
  return text.replace(/`([^`]+)`/g, (quoted, code: string) => {
    const painted = paint("cyan", code);
    return painted === code ? quoted : painted;
  });
}

/** https://no-color.org, https://force-color.org */
export function isColored(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  if (environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced) return forced !== "0" && forced !== "false";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}
