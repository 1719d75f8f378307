const { require: requireTypeScript } = require("tsx/cjs/api");

let provider;

/** The offline provider of this test worker: started once, and gone with the worker. Sessions of it share nothing. */
exports.sharedProvider = () => {
  const path = "../../../tools/offline-provider/start.ts";
  provider ??= requireTypeScript(path, __filename).startOfflineProvider();
  return provider;
};
