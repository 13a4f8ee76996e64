// Loaded into Node before Azurite 3.35.0 (node --require). It touches Azurite's own modules, hence the exact version.
// Accounts and the clock come from the parent at run time, the client's transport from the gateway, and the process ends
// with its parent.
"use strict";
const Module = require("module");
const path = require("path");

// Never used with --disableTelemetry and without a SQL server; package.json leaves them out. (Their classes are only
// extended, never made.)
const LEFT_OUT = new Set(["applicationinsights", "mysql2", "sequelize", "tedious"]);
const nothing = new Proxy({}, { get: (_, name) => (name === "__esModule" ? false : class {}) });
const load = Module._load;
Module._load = function (request, ...rest) {
  return LEFT_OUT.has(request) ? nothing : load.call(this, request, ...rest);
};

// A clock that the parent can move: expiry, start, Last-Modified.
let offset = 0;
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length) super(...given);
    else super(RealDate.now() + offset);
  }
  static now() {
    return RealDate.now() + offset;
  }
};

const azurite = path.join(process.env.AZURITE_ROOT, "node_modules/azurite/dist/src");

// Accounts: Azurite knows those of its environment only.
let accounts = {};
const AccountDataStore = require(path.join(azurite, "common/AccountDataStore")).default;
AccountDataStore.prototype.refresh = () => {};
AccountDataStore.prototype.getAccount = (name) => (Object.hasOwn(accounts, name) ? accounts[name] : undefined);

// TLS ends at the gateway, which says what the client came by; Azurite decides `spr` by it.
const Request = require(path.join(azurite, "blob/generated/ExpressRequestAdapter")).default;
Request.prototype.getProtocol = function () {
  return this.getHeader("x-gateway-protocol") || "http";
};

// One line of JSON each way: {"accounts": {name: [key, key]}, "offset": seconds}, answered by {"done": n}.
let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    const wanted = JSON.parse(line);
    offset = wanted.offset * 1000;
    accounts = {};
    for (const [name, keys] of Object.entries(wanted.accounts)) {
      const [key1, key2] = keys.map((key) => Buffer.from(key, "base64"));
      accounts[name] = { name, key1, key2 };
    }
    process.stdout.write(JSON.stringify({ done: wanted.number }) + "\n");
  }
});
process.stdin.on("end", () => process.exit(0));
