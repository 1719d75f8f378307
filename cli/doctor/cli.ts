import { doctor } from "./command";

// The SDK warns of versions to come that will want a newer Node; the one that is used is pinned, and at night each line
// that isn't about the cluster is one too many.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

doctor(process.argv.slice(2), process).then((status) => {
  process.exitCode = status;
});
