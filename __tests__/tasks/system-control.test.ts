import { isOfIpc } from "../../src/tasks/system-control";
import { defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

describe("systemControls", () => {
  it("render in the order of the caller", () => {
    const systemControls = [
      { namespace: "net.core.somaxconn", value: "4096" },
      { namespace: "kernel.shmmax", value: "1" },
    ];
    expect(defined({ systemControls })).toMatchObject({ systemControls });
    expect(defined()).not.toHaveProperty("systemControls");
  });

  it.each([
    ["net.ipv4.tcp_keepalive_time", false],
    ["fs.mqueue.msg_max", true],
    ["kernel.sem", true],
  ])("%s: is of the IPC namespace: %s", (namespace, isIpc) => {
    expect(isOfIpc(namespace)).toBe(isIpc);
    expect(() => parsed({ systemControls: [{ namespace, value: "1" }] })).not.toThrow();
  });

  it.each<[string, object[], string]>([
    [
      "a parameter of the whole instance",
      [{ namespace: "vm.max_map_count", value: "262144" }],
      'systemControls[0].namespace must be a kernel parameter that a container can have for itself; received "vm.max_map_count". Use net.…, fs.mqueue.…, kernel.msgmax, kernel.msgmnb, kernel.msgmni, kernel.sem, kernel.shmall, kernel.shmmax, kernel.shmmni or kernel.shm_rmid_forced. Set the others on the instance, in extraUserData.',
    ],
    [
      "a number as the value",
      [{ namespace: "net.core.somaxconn", value: 4096 }],
      "systemControls[0].value must be a string; received 4096. Write it in quotes.",
    ],
    [
      "a parameter twice",
      [
        { namespace: "kernel.sem", value: "1" },
        { namespace: "kernel.sem", value: "2" },
      ],
      'systemControls[1].namespace must differ from the other system controls; received "kernel.sem". Remove one of the two.',
    ],
  ])("reject %s", (_, systemControls, message) => {
    expect(problemsOf(() => parsed({ systemControls }))).toEqual([message]);
  });
});
