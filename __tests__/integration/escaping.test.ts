import { TerraformOutput } from "cdktf";
import { hcl, literal } from "../../src/terraform/expression";
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

describeTerraform("text of a user", (lab) => {
  const seed = SEED;
  const texts = [
    ...HOSTILE,
    ...fc.sample(
      hostile.filter((text) => !text.includes("\u0000")),
      { numRuns: 150, seed },
    ),
  ];

  const result = hcl`tostring(1 + 1)`.string;
  /** The places of a text in a configuration, each with the expected value after Terraform evaluated it. */
  const places: Readonly<
    Record<string, readonly [write: (text: string) => unknown, expected: (text: string) => unknown]>
  > = {
    "as an argument": [literal, (text) => text],
    "as an operand": [(text) => hcl`join("", [${text}])`.string, (text) => text],
    "in a list and as key and value of a map": [
      (text) => hcl`[${[text, "x"]}, ${{ [`k${text}`]: text }}]`.string,
      (text) => [[text, "x"], { [`k${text}`]: text }],
    ],
    "beside a reference": [(text) => hcl`[${`${text}${result}${text}`}]`.string, (text) => [`${text}2${text}`]],
    "beside a reference, as an argument": [
      (text) => literal(`${text}<${result}>${text}`),
      (text) => `${text}<2>${text}`,
    ],
  };
  let evaluatedTexts: Record<string, unknown>;

  // One output for each place has all texts, because an output for each text would take longer.
  beforeAll(async () => {
    const stack = emptyStack();
    for (const [index, [write]] of Object.values(places).entries()) {
      new TerraformOutput(stack, `place_${index}`, { value: texts.map(write), staticId: true });
    }
    const outputs = synthesized(stack).output as Record<string, { readonly value: unknown }>;
    evaluatedTexts = await evaluated(
      lab,
      Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    );
  });

  it.each(Object.entries(places).map(([place, [, expected]], index) => [place, expected, index] as const))(
    "is the same after Terraform evaluated it %s",
    (_, expected, index) => {
      expect({ seed, texts: evaluatedTexts[`place_${index}`] }).toEqual({ seed, texts: texts.map(expected) });
    },
  );
});
