import { commandsOf } from "../../src/instances/shell-commands";

const wordsOf = (...lines: readonly string[]) => commandsOf(lines).map(({ words }) => words.join(" "));

describe("commandsOf", () => {
  it.each<[string, ...string[]]>([
    ["/usr/bin/a 'b c' \"d\" e\\ f", "a b c d e f"],
    ["a; b && c || d | e & f", "a", "b", "c", "d", "e", "f"],
    ["sudo -E X=1 a b", "a b"],
    ["if ! a; then b; fi", "a", "b", "fi"],
    ["x $(a `b`) y", "b", "a ", "x  y"],
    ["(a; b) # c", "a", "b"],
    ["echo $((1 << 2)) '# a' # b", "echo  # a"],
    ["bash -ec 'a; b' x", "a", "b", "bash -ec a; b x"],
    ["a <<E 2>&1 <(b)\nc\nE\nd", "b", "a ", "d"],
  ])("returns the commands of %j", (script, ...expected) => {
    expect(wordsOf(script)).toEqual(expected);
  });

  it("returns the files, the input and the line of a command", () => {
    expect(commandsOf(["true", "echo x | cat - >> a 2> b <<E \\", " > c &", "text", "E"]).at(-1)).toEqual({
      line: 1,
      words: ["cat", "-"],
      overwrites: ["b", "c"],
      appends: ["a"],
      isInBackground: true,
      input: "echo x\ntext\n",
    });
  });

  it("returns the commands of any text", () => {
    for (const text of ["'", '"$(', "`", "))", "<<", "a <<E", "\\", "$((", "#", ""]) {
      expect(() => commandsOf([text])).not.toThrow();
    }
  });
});
