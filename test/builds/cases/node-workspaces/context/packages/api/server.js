const { createServer } = require("node:http");
const { greet } = require("greet");

createServer((request, response) => response.end(greet(request.url.slice(1)))).listen(3000);
