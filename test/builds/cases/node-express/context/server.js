const express = require("express");

const app = express();
app.get("/", (request, response) => response.send("Hello from Express"));
app.listen(3000, "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
