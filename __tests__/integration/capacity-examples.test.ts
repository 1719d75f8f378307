import { itLives } from "../support/example-life";
import { APPS } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("an example of capacity", (lab) => {
  itLives(lab, APPS.capacity);
});
