import { clusterStack, PUBLIC_KEY } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const OTHER_KEY = PUBLIC_KEY.replace("IOMqqnkV", "IOMqqnkW");

describeTerraform("every instance of a running cluster", (lab) => {
  it.each([
    ["a tag", { tags: { team: "shop" } }],
    ["the SSH key", { ssh_public_key: OTHER_KEY }],
  ])("is replaced by an instance refresh when %s changes", async (_, change) => {
    const state = (await RunningSystem.start(lab)).state();
    const variables = { ssh_public_key: PUBLIC_KEY };
    const version = () => clusterStack({ loadBalancer: false });
    await state.apply(version, { variables });
    const changed = await state.apply(version, { variables: { ...variables, ...change } });
    expect(changed.updated).toEqual(
      expect.arrayContaining(["aws_launch_template.launch_template", "aws_autoscaling_group.capacity"]),
    );
    expect(changed).toMatchObject({ missing: [], rejected: [] });
  });
});
