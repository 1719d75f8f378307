import type { Configuration } from "../../cli/offline-provider";
import { type EcsClusterSettings, EcsClusterStack } from "../../src";
import { synthesized } from "./synthesized";
import { testApp } from "./test-app";

/** A valid public key that nobody uses. */
export const PUBLIC_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl somebody@example.com";

/** Returns a stack with a cluster. */
export function clusterStack(settings: EcsClusterSettings = {}, id = "ecs"): EcsClusterStack {
  return new EcsClusterStack(testApp(), id, settings);
}

/** Returns the Terraform JSON of a stack with a cluster, after CDKTF validated it. */
export function clusterConfiguration(settings: EcsClusterSettings = {}): Configuration {
  return synthesized(clusterStack(settings)) as Configuration;
}

/** Returns Terraform's output without the line breaks and frames for a terminal. */
export const unwrapped = (text: string): string => text.replace(/[│╷╵]/g, " ").replace(/\s+/g, " ");
