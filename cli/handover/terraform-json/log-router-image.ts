import type { Element } from "./configuration";

/** Whether an element looks up the image of AWS for Fluent Bit. */
export const isLogRouterImage = ({ mode, type, body }: Element): boolean =>
  mode === "data" && type === "aws_ssm_parameter" && String(body.name).includes("/aws-for-fluent-bit/");
