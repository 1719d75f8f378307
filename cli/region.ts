import { regionRule } from "../src/validation/aws-rules";
import { show } from "../src/validation/show";
import { UsageError } from "./command-line";

/** Returns the region. @throws {UsageError} for text that is not the code of a region */
export function checkedRegion(region: string): string {
  if (regionRule.check(region, {})) return region;
  throw new UsageError(`--region must ${regionRule.must}; received ${show(region)}. ${regionRule.fix}`);
}
