import type { Configuration } from "../../cli/offline-provider";
import { type EcsClusterSettings, EcsClusterStack } from "../../src";
import { synthesized } from "./synthesized";
import { testApp } from "./test-app";

/** A public key that is one, and nobody's. */
export const PUBLIC_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl somebody@example.com";

/** A cluster stack with these settings, ready to be synthesized. */
export function clusterStack(settings: EcsClusterSettings = {}, id = "ecs"): EcsClusterStack {
  return new EcsClusterStack(testApp(), id, settings);
}

/** The stack's Terraform JSON, validated by CDKTF. */
export function clusterConfiguration(settings: EcsClusterSettings = {}): Configuration {
  return synthesized(clusterStack(settings)) as Configuration;
}

/** Terraform's words without the line breaks and the frame that it puts in for the terminal. */
export const unwrapped = (text: string): string => text.replace(/[│╷╵]/g, " ").replace(/\s+/g, " ");
