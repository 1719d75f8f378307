import { itAcceptsAndPlans } from "../support/accepted-apps";
import { APPS } from "../support/examples";
import { describeTerraform } from "../support/terraform";

describeTerraform("real Terraform, by cdktf's own matchers,", (lab) => {
  itAcceptsAndPlans(lab, APPS.capacity);
});
