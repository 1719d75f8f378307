/** What stands in for the packages of CDKTF: `npm run test:cdktn` installs these, and nothing else does. */
export const CDKTN_PACKAGES = {
  cdktn: "0.24.0",
  "@cdktn/provider-aws": "25.7.0",
  constructs: "10.7.2",
} as const;

/** Which package each of CDKTF's becomes. */
export const RENAMED = {
  cdktf: "cdktn",
  "@cdktf/provider-aws": "@cdktn/provider-aws",
} as const;
