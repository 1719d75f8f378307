import { doctor } from "../../cli/doctor/command";

/** What a command came to. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in this process, with its credentials: a start takes longer than all else that the command does. */
export async function doctorSays(args: readonly string[]): Promise<Run> {
  const said = { stdout: "", stderr: "" };
  const collect = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const status = await doctor(args, { stdout: collect("stdout"), stderr: collect("stderr") });
  return { ...said, status };
}
