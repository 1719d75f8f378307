// DefaultVpc
import { DefaultVpc } from "../../src";
import { stack } from "../../tools/docs/stack";

new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
