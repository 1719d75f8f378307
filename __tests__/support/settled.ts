import type { Terraform } from "../../cli/offline-provider";

/** Applies the configuration in a folder, and expects no changes in the next plan. */
export async function expectSettled(terraform: Terraform): Promise<void> {
  const { status, stderr } = await terraform.apply();
  expect(stderr).not.toContain("Error");
  expect(status).toBe(0);
  const again = await terraform.plan();
  expect(again.stdout).toContain("No changes.");
  expect(again.status).toBe(0);
}
