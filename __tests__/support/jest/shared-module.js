/**
 * A transform: puts in place of a package's file the one that `environment.js` gives, which the worker has loaded.
 * @type {import("@jest/transform").SyncTransformer}
 */
module.exports = {
  getCacheKey: (_source, file) => file,
  process: (_source, file) => ({ code: `module.exports = requireShared(${JSON.stringify(file)});` }),
};
