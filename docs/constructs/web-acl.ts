// WebAcl
import { WebAcl } from "../../src";
import { stack } from "../../tools/docs/stack";

new WebAcl(stack, "web_acl", { name: "ecs" });
