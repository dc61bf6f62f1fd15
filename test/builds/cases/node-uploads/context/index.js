const { readdirSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:http");

createServer((request, response) => {
  writeFileSync(`${__dirname}/uploads${request.url}`, "");
  response.end(`stored ${readdirSync(`${__dirname}/uploads`).length}`);
}).listen(8080);
