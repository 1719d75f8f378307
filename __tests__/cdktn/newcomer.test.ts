import { describeNewcomer } from "../support/newcomer";

// npm downloads 480 MB, so only `npm run test:cdktn` runs this file.
describeNewcomer("cdktn");
