import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { wholeNumber } from "../validation/rule";
import { anyOf, list, number, type Parsed, schemaOf, string } from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { amount, text, texts } from "./ecs-json";

/** A command that Docker runs in the container to check its health. */
export interface ContainerHealthCheck {
  /**
   * A string, or `["CMD-SHELL", command]`, runs in the container's shell. `["CMD", program, ...arguments]` runs without a
   * shell.
   */
  readonly command: string | readonly string[];
  /** Seconds from one check to the next. @default 30 */
  readonly intervalSeconds?: number;
  /** Seconds after which a check fails. It must be below the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Failed checks in a row that make the container unhealthy. @default 3 */
  readonly retries?: number;
  /** Seconds after the start in which failed checks do not count. @default 0 */
  readonly startPeriodSeconds?: number;
}

type Command = ContainerHealthCheck["command"];

const notEmpty: Limit<Command> = {
  must: "not be empty",
  fix: 'For example "curl -f http://localhost/ || exit 1".',
  check: (command) => (typeof command === "string" ? command.trim() : command).length > 0,
};

/** The start of a text that Docker would run as a program with this name. Terraform compares it too. */
const KEYWORD = '^[\\s["]*(CMD|CMD-SHELL|NONE)([\\s",]|$)';
const hasKeyword = (text: string): boolean => new RegExp(KEYWORD).test(text);
/** A token can be any text. */
const isProgram = (text: string | undefined): boolean =>
  text === undefined || (text.trim() !== "" && !hasKeyword(text));

function* commandForm({ command }: Known<ContainerHealthCheck>): Findings<ContainerHealthCheck> {
  if (command === undefined || command.length === 0) return;
  const fix = 'For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.';
  if (typeof command === "string") {
    if (hasKeyword(command)) yield { at: "command", must: "not start with CMD, CMD-SHELL or NONE", fix };
    return;
  }
  const [first, second] = command;
  const isForm = first === "CMD" || (first === "CMD-SHELL" && command.length === 2);
  if (command.length === 1 ? isProgram(first) : isForm && isProgram(second)) return;
  yield { at: "command", must: 'be one command, ["CMD-SHELL", command] or ["CMD", program, ...arguments]', fix };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export const containerHealthCheckSchema = schemaOf<ContainerHealthCheck>()(
  {
    // A token stays a string or a list, because the type decides whether the command runs in a shell.
    command: anyOf(string(notEmpty), list(string(), notEmpty)).with<Command, Command>({ kind: undefined }),
    intervalSeconds: number(wholeNumber(5, 300, "seconds", "For example 30.")).default(30),
    timeoutSeconds: number(wholeNumber(2, 60, "seconds", "For example 5.")).default(5),
    retries: number(wholeNumber(1, 10, "checks in a row", "For example 3.")).default(3),
    startPeriodSeconds: number(wholeNumber(0, 300, "seconds", "Remove it for none.")).default(0),
  },
  commandForm,
  // AWS rejects a check that can still run when the next one starts.
  function* timeoutBelowInterval({ timeoutSeconds: timeout, intervalSeconds: interval }) {
    if (timeout === undefined || interval === undefined || timeout < interval) return;
    const must = `be below intervalSeconds, which is ${interval}`;
    yield { at: "timeoutSeconds", must, fix: "Lower the timeout, or raise the interval." };
  },
);

type Check = Parsed<typeof containerHealthCheckSchema>;

/** Returns the health check as the API of ECS names it. */
export const healthCheckJson = (check: Check | undefined) => ({
  healthCheck: check && {
    command: commandJson(check.command),
    interval: amount(check.intervalSeconds),
    timeout: amount(check.timeoutSeconds),
    retries: amount(check.retries),
    // Left out for 0: the provider compares it literally with what ECS returns.
    ...(check.startPeriodSeconds ? { startPeriod: amount(check.startPeriodSeconds) } : {}),
  },
});

const isListToken = (command: Command) => typeof command !== "string" && isToken(command);

function commandJson(command: Command): unknown {
  if (isListToken(command)) return texts(command as readonly string[]);
  const [first, ...others] = [command].flat();
  return others.length === 0 ? ["CMD-SHELL", text(first)] : texts(command as readonly string[]);
}

/** Returns the guard of a command that only Terraform knows. */
export function healthCheckGuards(name: string, check: Check | undefined): Guard[] {
  if (!check || !isListToken(check.command)) return [];
  const { command } = check;
  const isForm = hcl`${command}[0] == "CMD" || ${command}[0] == "CMD-SHELL" && length(${command}) == 2`;
  const isText = hcl`trimspace(${command}[1]) != "" && !can(regex(${KEYWORD}, ${command}[1]))`;
  return [
    {
      condition: hcl`try((${isForm}) && ${isText}, false)`.string,
      errorMessage: `The command of the health check of container ${name} must be ["CMD-SHELL", command] or ["CMD", program, ...arguments]; received ${hcl`jsonencode(${command})`}. For example ["CMD-SHELL", "curl -f http://localhost/ || exit 1"].`,
    },
  ];
}
