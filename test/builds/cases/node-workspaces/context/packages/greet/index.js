const ms = require("ms");

exports.greet = (name) => `Hello ${name}, in ${ms(60_000)}`;
