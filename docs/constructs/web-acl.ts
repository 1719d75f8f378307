// WebAcl

import { stack } from "../../scripts/docs/stack";
import { WebAcl } from "../../src";

new WebAcl(stack, "web_acl", { name: "ecs" });
