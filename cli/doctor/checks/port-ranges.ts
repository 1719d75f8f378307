import { PortRange } from "../../../src/network/port-range";
import type { Ports } from "../port-set";

/** Linux's own ephemeral ports, which the agent takes from where nothing else is set. */
const LINUX_RANGE = { from: 32768, to: 60999 } as const;

/**
 * The host ports that an instance's agent gives to containers, off what the instance ran at first boot. Bottlerocket
 * can't be told, so there it is all that its versions may pick from.
 */
export function agentRange(userData: string): Ports & { readonly source: string } {
  // The last line counts, as it does for the agent, whose file is read from the top.
  const set = [...userData.matchAll(/^\s*ECS_DYNAMIC_HOST_PORT_RANGE=["']?([0-9]+)-([0-9]+)/gm)].at(-1);
  if (set) return { from: Number(set[1]), to: Number(set[2]), source: "ECS_DYNAMIC_HOST_PORT_RANGE in its user data" };
  if (/^\s*\[settings\.ecs\]/m.test(userData)) {
    const { from, to } = PortRange.defaultOf("bottlerocket");
    return { from, to, source: "Bottlerocket's" };
  }
  return { ...LINUX_RANGE, source: "Linux's own, since its user data sets none" };
}
