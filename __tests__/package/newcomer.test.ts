import { describeNewcomer } from "../support/newcomer";

// __tests__/cdktn does the same with cdktn.
describeNewcomer("cdktf");
