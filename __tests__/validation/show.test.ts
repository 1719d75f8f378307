import { show } from "../../src/validation/show";

describe("show", () => {
  it("shows what has no JSON", () => {
    const round: Record<string, unknown> = {};
    round.self = round;
    expect([show(12n), show(Number.NaN), show(round)]).toEqual(["12", "NaN", "[object Object]"]);
  });

  it("hides a private key and nothing else", () => {
    const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE";
    expect([show(key), show({ a: [key] }), show("ssh-rsa AAAA"), show(undefined)]).toEqual([
      "a private key, which is not shown",
      "a private key, which is not shown",
      '"ssh-rsa AAAA"',
      "nothing",
    ]);
  });
});
