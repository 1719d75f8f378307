import { testExamples } from "../support/example-life";
import { APPS } from "../support/examples";
import { describeTerraform } from "../support/terraform";

// `npm run test:examples` tests the other examples in the same way.
describeTerraform("the default app and the example of a whole system", (lab) => {
  testExamples(lab, APPS.main);
});
