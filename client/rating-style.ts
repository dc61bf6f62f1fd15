/** How the page of the rating looks: in the colours of the editor's theme, whichever it is. */
export const RATING_STYLE = `
:root {
  --good: var(--vscode-charts-green, #388a34);
  --fair: var(--vscode-charts-yellow, #bf8803);
  --poor: var(--vscode-charts-red, #e51400);
  --edge: var(--vscode-contrastBorder, transparent);
  --rule: var(--vscode-contrastBorder, var(--vscode-panel-border, rgba(128, 128, 128, 0.35)));
}
body {
  margin: 0;
  padding: 0;
  color: var(--vscode-foreground);
  background: var(--vscode-editor-background);
  font: var(--vscode-font-weight, normal) var(--vscode-font-size, 13px) / 1.5 var(--vscode-font-family, sans-serif);
}
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem; }
h1, h2, p, ol, ul { margin: 0; padding: 0; }
h1 { font-size: 1.15rem; font-weight: 600; overflow-wrap: anywhere; }
h1:focus { outline: none; }
code { font-family: var(--vscode-editor-font-family, monospace); font-size: 0.95em; overflow-wrap: anywhere; padding: 0; color: inherit; background: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.good { --level: var(--good); }
.fair { --level: var(--fair); }
.poor { --level: var(--poor); }
.now { fill: var(--level); }

header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem 1.5rem; }
header > div { flex: 1 1 16rem; }
.disc { width: 7.5rem; flex: none; }
.disc .now { opacity: 0.55; }
.disc .ring { fill: none; stroke: currentColor; stroke-width: 8; }
.disc .line { stroke: currentColor; stroke-width: 8; }
.overall strong { font-size: 2.2rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
.role, .prospect, .details, .accepted, .refusal { color: var(--vscode-descriptionForeground); }
.role { margin-left: 0.75rem; }
.prospect b { color: var(--vscode-foreground); font-variant-numeric: tabular-nums; }

.bars { display: grid; gap: 0.5rem; margin: 1.5rem 0 0.5rem; }
.bar { display: grid; grid-template-columns: 8rem 1fr 2.5rem; align-items: center; gap: 0.75rem; }
.bar svg { width: 100%; height: 0.6rem; outline: 1px solid var(--edge); border-radius: 0.3rem; }
.bar .track { fill: var(--vscode-foreground); opacity: 0.14; }
.bar .after { fill: var(--level); opacity: 0.35; }
.bar .value { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; }

section { margin-top: 1.75rem; }
h2 { display: flex; justify-content: space-between; font-size: 1rem; font-weight: 600; padding-bottom: 0.35rem; border-bottom: 1px solid var(--rule); }
h2 .total { font-variant-numeric: tabular-nums; }
ol { list-style: none; }
ol li { display: grid; grid-template-columns: 2.75rem minmax(0, 1fr) minmax(0, auto); gap: 0 0.75rem; align-items: start; padding: 0.6rem 0; border-bottom: 1px solid var(--rule); }
ol li:last-child { border-bottom: none; }
.points { text-align: right; font-variant-numeric: tabular-nums; font-weight: 600; white-space: nowrap; }
.finding p { overflow-wrap: anywhere; }
.refusal { font-style: italic; }
section > .details { padding-top: 0.35rem; }
ul { padding: 0.35rem 0 0 1.25rem; }
.accepted { margin-top: 1.75rem; }

button {
  font: inherit;
  color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
  background: var(--vscode-button-secondaryBackground, transparent);
  border: 1px solid var(--vscode-button-border, var(--edge));
  border-radius: 2px;
  padding: 0.2rem 0.7rem;
  cursor: pointer;
}
button:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground)); }
button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
button.primary:hover { background: var(--vscode-button-hoverBackground); }
button.link { padding: 0; border: none; color: var(--vscode-textLink-foreground); background: none; }
button.link:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.75rem; }
.fix { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.5rem; max-width: 22rem; text-align: left; }
.fix .note { font-size: 0.85em; opacity: 0.85; }
.fix .note::before { content: "· "; }

.notice { display: grid; justify-items: center; gap: 0.5rem; padding-top: 12vh; text-align: center; }
.notice .disc { opacity: 0.5; --level: currentColor; }

.vscode-high-contrast .bar .after { opacity: 0.5; }
.vscode-high-contrast button.link { text-decoration: underline; }
.vscode-high-contrast button:hover { outline: 1px dashed var(--vscode-contrastActiveBorder); }

@media (max-width: 34rem) {
  ol li { grid-template-columns: 2.75rem minmax(0, 1fr); }
  .fix { grid-column: 2; justify-self: start; margin-top: 0.4rem; }
  .bar { grid-template-columns: 7rem 1fr 2.25rem; }
}
`;
