// DefaultVpc

import { stack } from "../../scripts/docs/stack";
import { DefaultVpc } from "../../src";

new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
