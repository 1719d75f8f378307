import { TerraformOutput } from "cdktf";
import { hcl, literal } from "../../src/expression";
import { evaluated } from "../support/evaluated";
import { TEXTS } from "../support/generated-values";
import { fc, SEED } from "../support/seeded";
import { emptyStack, synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

const HOSTILE = [
  ...[
    "${",
    "%{",
    "$${",
    "$$${",
    "$$$${",
    "%%{",
    "%%%{",
    "${}",
    "${var.x}",
    '${file("/etc/passwd")}',
    "%{ if true }x%{ endif }",
  ],
  ...[
    "~}",
    "%{~ if ~}",
    "${~ 1 ~}",
    "$",
    "%",
    "{",
    "}",
    "$ {",
    "a$",
    "\\${",
    "\\$${",
    "\\",
    "\\\\",
    "\\n",
    '"',
    '\\"',
    "'",
    '""',
  ],
  ...[
    "\n",
    "\r\n",
    "\t",
    "a\n\nb\n",
    "<<EOF\nx\nEOF",
    "# x",
    "// x",
    "/* x",
    "\u0001\u001f\u007f",
    "\u0085",
    "\u2028\u2029",
    "é日本😀",
  ],
  ...[
    "TfToken",
    "TfToken[TOKEN.0]",
    "{TfToken[TOKEN.0]}",
    "${TfToken",
    "$${TfToken[",
    "null",
    "true",
    "1",
    "",
    " ",
    ...TEXTS,
  ],
].filter((text) => !text.includes("\u0000"));

const pieces = fc.oneof(
  fc.constantFrom("$", "%", "{", "}", "~", "\\", '"', "\n", "${", "%{", "$${", "\u0007", "\u007f"),
  fc.string({ unit: "grapheme", maxLength: 3 }),
);
const hostile = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join("").normalize("NFC"));

describeTerraform("a caller's text", (lab) => {
  const seed = SEED;
  const texts = [
    ...HOSTILE,
    ...fc.sample(
      hostile.filter((text) => !text.includes("\u0000")),
      { numRuns: 150, seed },
    ),
  ];

  /** The outputs of a stack that gives each text to Terraform in one way. */
  const arrived = async (write: (text: string) => unknown): Promise<readonly unknown[]> => {
    const stack = emptyStack();
    texts.forEach((text, index) => {
      new TerraformOutput(stack, `text_${index}`, { value: write(text), staticId: true });
    });
    const outputs = synthesized(stack).output as Record<string, { readonly value: unknown }>;
    const all = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    const read = await evaluated(lab, all);
    return texts.map((_, index) => read[`text_${index}`]);
  };

  it("arrives as it was written where it is an argument", async () => {
    expect({ seed, texts: await arrived(literal) }).toEqual({ seed, texts });
  });

  it("arrives as it was written where it is an operand", async () => {
    expect({ seed, texts: await arrived((text) => hcl`join("", [${text}])`.string) }).toEqual({ seed, texts });
  });

  it("arrives as it was written in a list and as key and value of a map", async () => {
    const inside = await arrived((text) => hcl`[${[text, "x"]}, ${{ [`k${text}`]: text }}]`.string);
    expect({ seed, inside }).toEqual({ seed, inside: texts.map((text) => [[text, "x"], { [`k${text}`]: text }]) });
  });

  it("arrives as it was written beside a reference", async () => {
    const beside = await arrived((text) => hcl`[${`${text}${hcl`tostring(1 + 1)`.string}${text}`}]`.string);
    expect({ seed, beside }).toEqual({ seed, beside: texts.map((text) => [`${text}2${text}`]) });
  });

  it("stays beside a reference what it was, as an argument", async () => {
    const beside = await arrived((text) => literal(`${text}<${hcl`tostring(1 + 1)`.string}>${text}`));
    expect({ seed, beside }).toEqual({ seed, beside: texts.map((text) => `${text}<2>${text}`) });
  });
});
