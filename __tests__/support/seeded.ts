import fc from "fast-check";

/** The seed of all generated values, so that every run has the same values. Set FC_SEED to try others. */
export const SEED = Number(process.env.FC_SEED ?? 31000);

fc.configureGlobal({ seed: SEED });

/** fast-check with this seed. A failure shows the seed and the path to the value. */
export { fc };
