import type { Configuration } from "../../cli/offline-provider";

/** Returns a small cluster, so that tests of the offline provider do not depend on the constructs. */
export function smallStack({ volume = 30, image = "nginx:1", zones = "ids" } = {}): Configuration {
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "6.25.0" } } },
    provider: { aws: [{ region: "ap-northeast-2", default_tags: [{ tags: { project: "small" } }] }] },
    variable: { size: { type: "number", default: 1 } },
    data: {
      aws_vpcs: { default: { filter: [{ name: "is-default", values: ["true"] }] } },
      aws_subnets: {
        default: { filter: [{ name: "vpc-id", values: [`\${one(data.aws_vpcs.default.${zones})}`] }] },
      },
      aws_ssm_parameter: { image: { name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id" } },
    },
    resource: {
      aws_ecs_cluster: { ecs: { name: "small" } },
      aws_security_group: {
        instances: { name: "small", vpc_id: "${one(data.aws_vpcs.default.ids)}", tags: { role: "instances" } },
      },
      aws_vpc_security_group_ingress_rule: {
        ssh: {
          security_group_id: "${aws_security_group.instances.id}",
          ip_protocol: "tcp",
          from_port: 22,
          to_port: 22,
          cidr_ipv4: "203.0.113.0/24",
        },
      },
      aws_launch_template: {
        instances: {
          name_prefix: "small-",
          image_id: "${data.aws_ssm_parameter.image.insecure_value}",
          user_data: '${base64encode("ECS_CLUSTER=${aws_ecs_cluster.ecs.name}")}',
          vpc_security_group_ids: ["${aws_security_group.instances.id}"],
          block_device_mappings: [{ device_name: "/dev/xvda", ebs: { volume_size: volume } }],
        },
      },
      aws_autoscaling_group: {
        instances: {
          name: "small",
          min_size: "${var.size}",
          max_size: 2,
          vpc_zone_identifier: "${data.aws_subnets.default.ids}",
          launch_template: {
            id: "${aws_launch_template.instances.id}",
            version: "${aws_launch_template.instances.latest_version}",
          },
          tag: [{ key: "AmazonECSManaged", value: "", propagate_at_launch: true }],
        },
      },
      aws_ecs_task_definition: {
        web: {
          family: "web",
          container_definitions: JSON.stringify([{ name: "web", image, memory: 128 }]),
        },
      },
      aws_ecs_service: {
        web: {
          name: "web",
          cluster: "${aws_ecs_cluster.ecs.arn}",
          task_definition: "${aws_ecs_task_definition.web.arn}",
          desired_count: 1,
        },
      },
    },
    output: {
      cluster: { value: '${element(split("/", aws_ecs_cluster.ecs.arn), 1)}' },
      template: { value: "${aws_launch_template.instances.id}" },
      subnets: { value: "${data.aws_subnets.default.ids}" },
    },
  };
}
