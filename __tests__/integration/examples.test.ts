import { itLives } from "../support/example-life";
import { APPS } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("an example", (lab) => {
  itLives(lab, APPS.others);
});
