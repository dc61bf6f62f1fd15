// What only the sources know: that is why the install cannot come before them.
require("node:fs").writeFileSync("src/generated.ts", 'export const name: string = "generated at the install";\n');
