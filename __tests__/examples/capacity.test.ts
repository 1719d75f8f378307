import { testExamples } from "../support/example-life";
import { APPS } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("the examples about capacity", (lab) => {
  testExamples(lab, APPS.capacity);
});
