import { printResult } from "../command-line";
import { doctor } from "./command";

// The AWS SDK warns that later versions require a newer Node. This project pins its version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

printResult(doctor(process.argv.slice(2)));
