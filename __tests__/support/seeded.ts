import fc from "fast-check";

/** The same values each time, so that a red run is a change; FC_SEED=1 looks further. */
export const SEED = Number(process.env.FC_SEED ?? 31000);

fc.configureGlobal({ seed: SEED });

/** fast-check with that seed: a failing run names it, and the path to what failed. */
export { fc };
