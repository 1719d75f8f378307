export { SettingsError } from "./problem";
