// Loaded before an app by the benchmark of memory: says how much the process had at most, in KiB.
const { writeFileSync } = require("node:fs");

process.on("exit", () => writeFileSync(process.env.BENCH_MAX_RSS ?? "max-rss", String(process.resourceUsage().maxRSS)));
