const { readFileSync } = require("node:fs");

console.log("configured", readFileSync("/app/configured", "utf8").startsWith("https://"));
