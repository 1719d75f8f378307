import { z } from "zod";
import { suggestion, zodMistakes } from "../../src/validation/zod-mistakes";

const schema = z.strictObject({
  size: z.int().min(1).max(9).optional(),
  text: z.string().optional(),
  on: z.boolean().optional(),
  list: z.array(z.string()).optional(),
  family: z.enum(["linux", "bottlerocket"]).optional(),
  inner: z
    .strictObject({ bucket: z.string(), deep: z.strictObject({ name: z.string().optional() }).optional() })
    .optional(),
  either: z.union([z.literal(false), z.strictObject({ https: z.boolean().optional() })]).optional(),
});

function mistakes(settings: unknown): string[] {
  const parsed = schema.safeParse(settings);
  return parsed.success ? [] : zodMistakes(parsed.error, schema, settings);
}

const LEAVE = "Change it, or leave the setting out for its default.";

describe("zod's findings, in this project's words", () => {
  it.each([
    [{ size: "2" }, `size must be a number; received "2". ${LEAVE}`],
    [{ size: 1.5 }, `size must be a whole number; received 1.5. ${LEAVE}`],
    [{ size: 0 }, `size must be at least 1; received 0. ${LEAVE}`],
    [{ size: 10 }, `size must be at most 9; received 10. ${LEAVE}`],
    [{ text: 5 }, `text must be a string; received 5. ${LEAVE}`],
    [{ on: "yes" }, `on must be a boolean; received "yes". ${LEAVE}`],
    [{ list: "x" }, `list must be a list; received "x". ${LEAVE}`],
    [{ list: ["a", 5] }, `list.1 must be a string; received 5. ${LEAVE}`],
    [{ inner: 5 }, "inner must be an object; received 5. Write it as { bucket, deep }."],
    [{ inner: {} }, "inner.bucket must be a string; received nothing. Write it: it has no default."],
  ])("name the setting, the rule, the value received and the fix: %j", (settings, message) => {
    expect(mistakes(settings)).toEqual([message]);
  });

  it("suggest the near one of the values that there are, or list them", () => {
    const rule = 'family must be one of "linux", "bottlerocket"';
    expect(mistakes({ family: "bottlerockt" })).toEqual([
      `${rule}; received "bottlerockt". Did you mean bottlerocket?`,
    ]);
    expect(mistakes({ family: "windows" })).toEqual([`${rule}; received "windows". Known are linux, bottlerocket.`]);
  });

  it("suggest the near setting for a misspelt one, at its own depth", () => {
    expect(mistakes({ famly: "linux" })).toEqual([
      'famly must be a setting that there is; received "linux". Did you mean family?',
    ]);
    expect(mistakes({ inner: { bucket: "x", deep: { nme: 1 } } })).toEqual([
      "inner.deep.nme must be a setting that there is; received 1. Did you mean name?",
    ]);
  });

  it("list the settings there are for one that is near to none", () => {
    expect(mistakes({ colour: "red" })).toEqual([
      'colour must be a setting that there is; received "red". Known are size, text, on, list, family, inner, either.',
    ]);
  });

  it("speak of the alternative that was meant", () => {
    expect(mistakes({ either: { https: 1 } })).toEqual([`either.https must be a boolean; received 1. ${LEAVE}`]);
    expect(mistakes({ either: { htps: true } })).toEqual([
      "either.htps must be a setting that there is; received true. Did you mean https?",
    ]);
  });

  it("list the alternatives where none of them was meant", () => {
    expect(mistakes({ either: 7 })).toEqual([
      "either must be false or an object; received 7. Change it, or leave the setting out for its default.",
    ]);
  });

  it("come all at once", () => {
    expect(mistakes({ size: 0, on: 1, famly: 2, inner: { bucket: 3 } })).toHaveLength(4);
  });
});

describe("suggestion", () => {
  it("takes no notice of capitals", () => {
    expect(suggestion("SPOT", ["spot", "agent"])).toBe("Did you mean spot?");
  });

  it("suggests nothing where nothing is known", () => {
    expect(suggestion("spot", [])).toBe("Known are .");
  });
});
