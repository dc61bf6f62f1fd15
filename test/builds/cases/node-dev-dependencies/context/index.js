const kebab = require("just-kebab-case");

console.log(kebab("aBC"));
