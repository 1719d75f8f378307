const { createRequire } = require("node:module");

// Of the time that cdktf takes to load, 43 % is the archiver of its assets, which it uses in a process of its own only.
// This stands in for it, and becomes it when it is used.
/** @type {any} */
let archiver;
const load = () => {
  if (archiver === undefined) {
    const own = createRequire(require.resolve("cdktf"));
    // This may stand there itself.
    delete own.cache[own.resolve("archiver")];
    archiver = own("archiver");
  }
  return archiver;
};
module.exports = new Proxy(() => {}, {
  apply: (_, self, args) => Reflect.apply(load(), self, args),
  get: (_, key) => load()[key],
});
