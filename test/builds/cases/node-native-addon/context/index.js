const seven = require("./build/Release/seven.node");

console.log("native", seven.get());
