import { distinctElements, matches } from "../validation/rule";
import { list, plain, schemaOf, string } from "../validation/schema";

/** What a stack keeps in AWS. */
export interface RetainSettings {
  /**
   * Resources of this stack that Terraform must never destroy, by address: `["aws_efs_file_system.files"]`. While a resource
   * is in the code, a plan that destroys or replaces it fails. When you remove it from the code, Terraform removes it from
   * the state, and AWS keeps it.
   * @default - none: a resource that you remove from the code is deleted with its data
   */
  readonly retain?: readonly string[];
}

/** The address of a resource of the stack itself. A resource with `for_each` has one address for all of its instances. */
const addressRule = matches(
  "^aws_[a-z0-9_]+\\.[A-Za-z_][A-Za-z0-9_-]*$",
  "be the address of a resource, without an instance key",
  'For example "aws_efs_file_system.files". List the addresses: terraform state list.',
);

export const retainSchema = schemaOf<RetainSettings>()({
  retain: plain(
    list(string(addressRule), distinctElements(0, 500, "addresses", "Remove the repeated address.")),
  ).default([]),
});
