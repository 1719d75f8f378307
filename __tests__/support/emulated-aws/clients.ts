import { type Clients, clientsOf } from "../../../cli/doctor/aws/clients";
import type { AccountContents } from "../../../cli/offline-provider";
import { balancingAnswers } from "./balancing";
import { computeAnswers } from "./compute";
import { ecsAnswers } from "./ecs";
import { needAnswers } from "./needs";
import { networkAnswers } from "./network";
import { Resources, type Values } from "./resources";
import { roleAnswers } from "./roles";
import { serviceAnswers } from "./services";

/** Answers a command of the AWS SDK. */
export type Answer = (input: Values) => object;
export type Answers = Readonly<Record<string, Answer>>;

/**
 * Returns clients of AWS that answer from an emulated account, as if everything in it were healthy. They send nothing. A command
 * that they do not know is an error: add its answer.
 */
export function emulatedClients(contents: AccountContents, region: string): Clients {
  const resources = new Resources(contents, region);
  const answers: Answers = {
    ...balancingAnswers(resources),
    ...computeAnswers(resources),
    ...ecsAnswers(resources),
    ...needAnswers(resources),
    ...networkAnswers(resources),
    ...roleAnswers(resources),
    ...serviceAnswers(resources),
  };
  const clients = clientsOf(region);
  for (const client of Object.values(clients) as AnyClient[]) {
    client.middlewareStack.add(
      (_, { commandName = "" }) =>
        async ({ input }) => {
          const answer = answers[commandName.replace(/Command$/, "")];
          if (answer === undefined) throw new Error(`__tests__/support/emulated-aws has no answer to ${commandName}.`);
          return { response: {}, output: { $metadata: {}, ...answer(input) } };
        },
      // Replaces what the SDK sends.
      { step: "initialize", priority: "low" },
    );
  }
  return clients;
}

/** The part of a client that all clients share. */
interface AnyClient {
  readonly middlewareStack: {
    add(
      middleware: (
        next: unknown,
        context: { readonly commandName?: string },
      ) => (args: { readonly input: Values }) => Promise<object>,
      options: { readonly step: "initialize"; readonly priority: "low" },
    ): void;
  };
}
