import { createServer } from "node:http";
import { nanoid } from "nanoid";

const nodes: string[] = [nanoid(), nanoid(), nanoid()];
createServer((_, response) => response.end(`tree of ${nodes.length}`)).listen(3000);
