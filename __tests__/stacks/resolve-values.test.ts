import { DEFAULTS, type EcsClusterSettings } from "../../src";
import { resolveValues } from "../../src/stacks/resolve-values";
import { PUBLIC_KEY } from "../support/cluster";

const resolve = (values: unknown, settings: Partial<EcsClusterSettings> = {}) =>
  resolveValues({ ...DEFAULTS, loadBalancer: {}, ...settings, values: values as EcsClusterSettings["values"] });
const mistakes = (values: unknown, settings: Partial<EcsClusterSettings> = {}) => resolve(values, settings).mistakes;

describe("a value given in TypeScript", () => {
  it("becomes its variable's default", () => {
    const { table } = resolve({ region: "eu-west-1", minSize: 0, sshPublicKey: PUBLIC_KEY, tags: { team: "web" } });
    const defaults = [table.region, table.minSize, table.sshPublicKey, table.tags].map((one) => one?.default);
    expect(defaults).toEqual(["eu-west-1", 0, PUBLIC_KEY, { team: "web" }]);
  });

  it("leaves the variable's own default where it is undefined", () => {
    expect(resolve({ region: undefined }).table.region?.default).toBe("ap-northeast-2");
  });

  it("may be null for the desired size, and for nothing else", () => {
    expect(mistakes({ desiredSize: null })).toEqual([]);
    expect(mistakes({ name: null })).toEqual([
      "values.name: name must be a string; received null. Write a value of that type.",
    ]);
  });

  it.each([
    [{ region: 5 }, "values.region: region must be a string; received 5."],
    [{ minSize: "2" }, 'values.minSize: min_size must be a number; received "2".'],
    [{ minSize: Number.NaN }, "values.minSize: min_size must be a number; received NaN."],
    [{ sshCidrs: "10.0.0.0/8" }, 'values.sshCidrs: ssh_cidrs must be a list of strings; received "10.0.0.0/8".'],
    [{ sshCidrs: [5] }, "values.sshCidrs: ssh_cidrs must be a list of strings; received [5]."],
    [{ tags: ["a"] }, 'values.tags: tags must be a map of strings; received ["a"].'],
    [{ tags: { a: 5 } }, 'values.tags: tags must be a map of strings; received {"a":5}.'],
  ])("must be of its type: %j", (values, message) => {
    expect(mistakes(values)).toEqual([`${message} Write a value of that type.`]);
  });

  it.each([
    [
      { name: "x" },
      'values.name: name must be 3 to 24 characters long; received "x". Shorten it: the load balancer\'s name is made from it and ends at 32.',
    ],
    [
      { name: "my_web" },
      'values.name: name must hold letters, digits and hyphens only, with no hyphen at either end; received "my_web". Load balancers accept nothing else.',
    ],
    [
      { name: "internal-web" },
      'values.name: name must not start with internal- or sg-; received "internal-web". AWS keeps those prefixes; choose another name.',
    ],
    [
      { region: "ap-northeast-2a" },
      'values.region: region must be the code of an AWS region; received "ap-northeast-2a". Use a code such as ap-northeast-2; a zone such as ap-northeast-2a is not a region.',
    ],
    [
      { rootVolumeGib: 29 },
      "values.rootVolumeGib: root_volume_gib must be a whole number from 30 to 65536 (GiB); received 29. The ECS-optimized AMI's own snapshot takes 30.",
    ],
    [
      { logRetentionDays: 10 },
      "values.logRetentionDays: log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; received 10. CloudWatch Logs knows no other retention in days.",
    ],
    [
      { sshCidrs: ["203.0.113.7/24", "10.0.0.0/8"] },
      'values.sshCidrs: ssh_cidrs must have no host bits set; received ["203.0.113.7/24"]. Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").',
    ],
    [
      { sshCidrs: ["::/0"] },
      'values.sshCidrs: ssh_cidrs must not be the whole internet; received ["::/0"]. Name the networks that may connect, such as your office\'s address with /32, or use Session Manager, which needs no open port.',
    ],
    [
      { httpCidrs: ["anyone"] },
      'values.httpCidrs: http_cidrs must be networks in CIDR notation; received ["anyone"]. Write an IPv4 or IPv6 network such as "203.0.113.7/32" or "2001:db8::/48".',
    ],
    [
      { minSize: 3 },
      'values.maxSize: max_size must be at least min_size; received {"max_size":2,"min_size":3}. Raise it, or lower min_size.',
    ],
    [
      { desiredSize: 3 },
      'values.desiredSize: desired_size must be at most max_size; received {"desired_size":3,"max_size":2}. Lower it, or raise max_size.',
    ],
    [
      { minSize: 2, desiredSize: 1 },
      'values.desiredSize: desired_size must be at least min_size; received {"desired_size":1,"min_size":2}. Raise it, or lower min_size.',
    ],
    [
      { tags: { "aws:x": "y" } },
      'values.tags: tags must have no key that starts with aws:; received ["aws:x"]. AWS keeps that prefix; rename those keys.',
    ],
  ])("must keep its variable's rules: %j", (values, message) => {
    expect(mistakes(values)).toEqual([message]);
  });

  it("shows no part of a private key, under whatever name it is given", () => {
    const secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`;
    const all = [
      mistakes({ sshPublicKey: key }),
      mistakes({ sshPublickey: key }),
      mistakes({ sshPublicKey: key }, { keyPair: "none" }),
      mistakes({ sshCidrs: key }),
    ];
    expect(all.map(([mistake]) => mistake?.slice(0, 80))).toEqual([
      "values.sshPublicKey: ssh_public_key holds a private key. It is not shown here; r",
      "values.sshPublickey must be a variable that there is; received a private key, wh",
      'values.sshPublicKey must come with keyPair "import"; received a value. Set that ',
      "values.sshCidrs: ssh_cidrs must be a list of strings; received a private key, wh",
    ]);
    expect(JSON.stringify(all)).not.toContain(secret);
  });

  it("shows no part of what isn't a public key", () => {
    const [mistake, ...others] = mistakes({ sshPublicKey: "hunter2" });
    expect(others).toEqual([]);
    expect(mistake).toMatch(/^values\.sshPublicKey: ssh_public_key must be one line of OpenSSH text, ssh-ed25519 or/);
    expect(mistake).not.toContain("hunter2");
    expect(mistakes({ sshPublicKey: 5 })).toEqual([
      "values.sshPublicKey: ssh_public_key must be a string; received a value of another type. Write a value of that type.",
    ]);
  });

  it("suggests the near name for a misspelt one", () => {
    expect(mistakes({ nme: "x" })).toEqual([
      'values.nme must be a variable that there is; received "x". Did you mean name?',
    ]);
  });

  it.each([
    [{ certificateArn: "x" }, {}, "loadBalancer.https"],
    [{ httpCidrs: [] }, { loadBalancer: false }, "a load balancer (loadBalancer is false)"],
    [{ keyName: "me" }, {}, 'keyPair "existing"'],
    [{ sshPublicKey: PUBLIC_KEY }, { keyPair: "existing" }, 'keyPair "import"'],
    [{ sshCidrs: [] }, { keyPair: "none" }, "a key pair (keyPair is none)"],
    [{ subnetIds: [] }, {}, "the vpcId setting"],
  ] as const)("is refused where the settings don't bring its variable: %j with %j", (values, settings, condition) => {
    const [mistake, ...others] = mistakes(values, settings);
    expect(others).toEqual([]);
    expect(mistake).toMatch(/^values\.\w+ must come with .*; received .*\. Set that too, or leave the value out\.$/);
    expect(mistake).toContain(`must come with ${condition};`);
  });

  it("is held against the region that the certificate has to be in", () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/0a";
    expect(mistakes({ region: "eu-west-1", certificateArn }, { loadBalancer: { https: true } })).toEqual([
      `values.certificateArn: certificate_arn must name a certificate of the cluster's own region; received "${certificateArn}". A load balancer takes no certificate from another region: request one there.`,
    ]);
    expect(mistakes({ region: "us-east-1", certificateArn }, { loadBalancer: { https: true } })).toEqual([]);
  });

  it("is told once where a rule reads another value of the wrong type", () => {
    expect(mistakes({ minSize: "two", maxSize: 5 })).toHaveLength(1);
  });

  it("is checked for another VPC by id, under the setting's own name", () => {
    expect(mistakes({ subnetIds: ["subnet-12345678"] }, { vpcId: "default" })).toEqual([
      'vpcId: vpc_id must be the id of a VPC; received "default". List those there are: aws ec2 describe-vpcs --query Vpcs[].VpcId',
    ]);
  });
});
