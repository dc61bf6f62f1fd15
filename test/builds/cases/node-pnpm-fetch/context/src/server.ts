import { createServer } from "node:http";
import { name } from "./generated";

const ms = require("ms") as (milliseconds: number) => string;

createServer((_, response) => response.end(`${name}, ${ms(120_000)}`)).listen(3000);
