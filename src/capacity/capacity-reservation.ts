import type { AutoscalingGroupCapacityReservationSpecification } from "@cdktf/provider-aws/lib/autoscaling-group";
import { distinctElements, matches } from "../validation/rule";
import { choice, list, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import type { Purchasing } from "./instances-distribution";

const PREFERENCES = ["capacity-reservations-only", "capacity-reservations-first", "none", "default"] as const;

/**
 * Whether on-demand instances start in Capacity Reservations.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/use-ec2-capacity-reservations.html
 */
export interface CapacityReservationSpecification {
  /**
   * `capacity-reservations-only` starts no instance outside of them, and the group can have too few instances.
   * `capacity-reservations-first` starts other instances when they are full. `none` never uses them. `default` uses open
   * reservations that match. Before you remove the setting, apply `default`: AWS keeps the last preference.
   */
  readonly capacityReservationPreference: (typeof PREFERENCES)[number];
  /** The reservations, by id. @default - open reservations that match the instance types and zones */
  readonly capacityReservationIds?: readonly string[];
  /** The resource groups of reservations, by ARN. @default - open reservations that match the instance types and zones */
  readonly capacityReservationResourceGroupArns?: readonly string[];
}

const atLeastOne = (what: string) => distinctElements(1, 200, what, "Remove the setting for open reservations.");

export const capacityReservationSpecificationSchema = schemaOf<CapacityReservationSpecification>()(
  {
    capacityReservationPreference: plain(choice(...PREFERENCES)),
    capacityReservationIds: list(
      string(
        matches(
          "^cr-[0-9a-f]{8,17}$",
          "be the id of a Capacity Reservation",
          "List them: aws ec2 describe-capacity-reservations --query CapacityReservations[].CapacityReservationId",
        ),
      ),
      atLeastOne("Capacity Reservations"),
    ).optional(),
    capacityReservationResourceGroupArns: list(
      string(
        matches(
          "^arn:aws[a-z-]*:resource-groups:[a-z0-9-]+:[0-9]{12}:group/.+$",
          "be the ARN of a resource group",
          "List them: aws resource-groups list-groups --query GroupIdentifiers[].GroupArn",
        ),
      ),
      atLeastOne("resource groups"),
    ).optional(),
  },
  targetsWithPreference,
);

const TARGETS = ["capacityReservationIds", "capacityReservationResourceGroupArns"] as const;

function* targetsWithPreference(
  { capacityReservationPreference: preference }: Known<CapacityReservationSpecification>,
  given: Given<CapacityReservationSpecification>,
): Findings<CapacityReservationSpecification> {
  if (preference === undefined || preference.startsWith("capacity-reservations")) return;
  for (const target of TARGETS.filter((name) => given(name))) {
    const must = "be used with capacity-reservations-only or capacity-reservations-first";
    yield { at: target, must, fix: "Set capacityReservationPreference to one of them, or remove it." };
  }
}

/** A group, and its reservations. */
interface Reserving extends Purchasing {
  readonly capacityReservationSpecification?: CapacityReservationSpecification;
}

/** Spot instances never start in a reservation. */
export function* capacityReservationRules(
  { spot, instancesDistribution }: Known<Reserving>,
  given: Given<Reserving>,
): Findings<Pick<Reserving, "capacityReservationSpecification">> {
  const percentage = instancesDistribution?.onDemandPercentageAboveBaseCapacity ?? (spot ? 0 : 100);
  const isOnlySpot = percentage === 0 && (instancesDistribution?.onDemandBaseCapacity ?? 0) === 0;
  if (!given("capacityReservationSpecification") || spot === undefined || !isOnlySpot) return;
  const fix = "Capacity Reservations are for on-demand instances. Remove it, or buy some on demand.";
  yield { at: "capacityReservationSpecification", must: "not be set with Spot instances only", fix };
}

/** Returns the reservations in the provider's words. */
export const capacityReservationBlock = ({
  capacityReservationPreference,
  capacityReservationIds: ids,
  capacityReservationResourceGroupArns: groups,
}: Parsed<typeof capacityReservationSpecificationSchema>): AutoscalingGroupCapacityReservationSpecification => ({
  capacityReservationPreference,
  capacityReservationTarget:
    ids || groups
      ? {
          capacityReservationIds: ids && [...ids],
          capacityReservationResourceGroupArns: groups && [...groups],
        }
      : undefined,
});
