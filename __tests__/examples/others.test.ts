import { testExamples } from "../support/example-life";
import { APPS } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("the default app and the other examples", (lab) => {
  testExamples(lab, APPS.others);
});
