/* The previous place, which the capacity still uses. */
export { type AgentOptions, IMAGE_PULL_BEHAVIORS, LOG_LEVELS } from "./agent-config";
