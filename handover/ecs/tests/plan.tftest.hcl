# Checks the plan with a mocked provider. Creates nothing. Run terraform init, then terraform test.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      dns_suffix         = "amazonaws.com"
      partition          = "aws"
      reverse_dns_prefix = "com.amazonaws"
    }
  }

  mock_data "aws_vpcs" {
    defaults = {
      ids = ["vpc-00000000000000001"]
    }
  }

  mock_data "aws_subnets" {
    defaults = {
      ids = ["subnet-0000000000000000a", "subnet-0000000000000000c"]
    }
  }

  mock_data "aws_subnet" {
    defaults = {
      availability_zone       = "ap-northeast-2a"
      map_public_ip_on_launch = true
      vpc_id                  = "vpc-00000000000000001"
    }
  }

  mock_data "aws_security_groups" {
    defaults = {
      ids     = ["sg-00000000000000001"]
      vpc_ids = ["vpc-00000000000000001"]
    }
  }

  mock_data "aws_ec2_instance_type_offerings" {
    defaults = {
      instance_types = ["t3.small"]
      locations      = ["ap-northeast-2a", "ap-northeast-2c"]
    }
  }

  mock_data "aws_ec2_instance_type" {
    defaults = {
      default_vcpus                  = 4
      gpus                           = []
      memory_size                    = 16384
      supported_architectures        = ["x86_64"]
      supported_placement_strategies = ["cluster", "partition", "spread"]
    }
  }

  mock_data "aws_ssm_parameter" {
    defaults = {
      value          = "ami-00000000000000001"
      insecure_value = "ami-00000000000000001"
    }
  }

  mock_data "aws_ecs_cluster" {
    defaults = {
      arn                                  = "arn:aws:ecs:ap-northeast-2:123456789012:cluster/mocked"
      registered_container_instances_count = 1
    }
  }
}

override_data {
  values = {
    availability_zone       = "ap-northeast-2c"
    map_public_ip_on_launch = true
    vpc_id                  = "vpc-00000000000000001"
  }

  target = data.aws_subnet.vpc_subnet["subnet-0000000000000000c"]
}

# The defaults, which override terraform.tfvars. The mocked data above is for these values.
variables {
  name               = "ecs"
  max_size           = 2
  min_size           = 1
  ami_version        = "recommended"
  desired_size       = null
  http_cidrs         = ["0.0.0.0/0"]
  instance_types     = ["t3.small"]
  log_retention_days = 14
  region             = "ap-northeast-2"
  root_volume_gib    = 30
  ssh_cidrs          = []
  ssh_public_key     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f nobody@example.com"
  tags               = {}
}

run "creates_no_network" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = length(setintersection(["aws_vpc", "aws_subnet", "aws_internet_gateway", "aws_nat_gateway", "aws_vpc_peering_connection", "aws_route_table", "aws_ec2_transit_gateway", "aws_vpn_gateway"], keys(jsondecode(file("./main.tf.json")).resource))) == 0 && aws_security_group.port_rules_instances.vpc_id == one(data.aws_vpcs.vpc.ids)
    error_message = "The stack must not create a VPC, subnet, gateway or peering, and must use the VPC that it looks up."
  }
}

run "opens_the_port_range_of_the_agent" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = [tostring(aws_vpc_security_group_ingress_rule.port_rules_instances_from_load_balancer.from_port), tostring(aws_vpc_security_group_ingress_rule.port_rules_instances_from_load_balancer.to_port)] == regex("ECS_DYNAMIC_HOST_PORT_RANGE=([0-9]+)-([0-9]+)", base64decode(aws_launch_template.launch_template.user_data))
    error_message = "The instances must allow exactly the host ports that the ECS agent gives to containers."
  }

  assert {
    condition     = [tostring(aws_vpc_security_group_egress_rule.port_rules_load_balancer_to_instances.from_port), tostring(aws_vpc_security_group_egress_rule.port_rules_load_balancer_to_instances.to_port)] == regex("ECS_DYNAMIC_HOST_PORT_RANGE=([0-9]+)-([0-9]+)", base64decode(aws_launch_template.launch_template.user_data))
    error_message = "The load balancer must be allowed to connect to exactly the host ports that the ECS agent gives to containers."
  }
}

run "requires_imdsv2" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = aws_launch_template.launch_template.metadata_options[0].http_tokens == "required"
    error_message = "The launch template must require IMDSv2. Otherwise, containers can get the instance's credentials."
  }

  assert {
    condition     = aws_launch_template.launch_template.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "The hop limit must be 1, so that containers get no response from the instance metadata service."
  }
}

run "opens_nothing_else_to_the_internet" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = alltrue([for rule in values(aws_vpc_security_group_ingress_rule.port_rules_http) : rule.from_port == 80 && rule.to_port == 80])
    error_message = "The rule aws_vpc_security_group_ingress_rule.port_rules_http is open to the internet, so it must open only tcp 80."
  }

  assert {
    condition     = alltrue([for rule in values(aws_vpc_security_group_ingress_rule.port_rules_ssh) : !contains(["0.0.0.0/0", "::/0"], try(coalesce(rule.cidr_ipv4, rule.cidr_ipv6), ""))])
    error_message = "The rule aws_vpc_security_group_ingress_rule.port_rules_ssh must not be open to the whole internet."
  }

  assert {
    condition     = length(regexall("(?m)^\\s+\"?ingress\"?\\s*[:={]", join("\n", [for name in fileset(".", "*.{tf,tf.json}") : file(name)]))) == 0 && var.ssh_public_key != null
    error_message = "A security group must have no rules of its own (ingress). Use aws_vpc_security_group_ingress_rule."
  }
}

run "grants_no_admin_permissions" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = length(regexall("(AdministratorAccess|PowerUserAccess|IAMFullAccess)\"|[Aa]ctions?\\\\?\"?\\s*[:=]\\s*(\\[[^\\]]*)?\\\\?\"(iam:)?\\*\\\\?\"", join("\n", [for name in fileset(".", "*.{tf,tf.json}") : file(name)]))) == 0 && var.ssh_public_key != null
    error_message = "No role may have all permissions, or all permissions of IAM."
  }
}

run "encrypts_volumes" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = alltrue([for device in aws_launch_template.launch_template.block_device_mappings : alltrue([for volume in device.ebs : volume.encrypted == "true"])])
    error_message = "The volumes of aws_launch_template.launch_template must be encrypted."
  }
}

run "keeps_the_sizes" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = aws_autoscaling_group.capacity.min_size == 1
    error_message = "min_size of aws_autoscaling_group.capacity must be 1. To change it, set its variable, or change the code."
  }

  assert {
    condition     = aws_autoscaling_group.capacity.max_size == 2
    error_message = "max_size of aws_autoscaling_group.capacity must be 2. To change it, set its variable, or change the code."
  }
}

run "checks_every_resource" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = length(setsubtract([for address in concat([for resource in regexall("(?m)^resource \"(\\w+)\" \"([\\w-]+)\"", join("\n", [for name in fileset(".", "*.{tf,tf.json}") : file(name)])) : join(".", resource)], flatten([for name in fileset(".", "*.tf.json") : [for type, resources in try(jsondecode(file(name)).resource, {}) : [for resource in keys(resources) : "${type}.${resource}"]]])) : address if contains(["aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_default_security_group", "aws_network_interface_sg_attachment", "aws_iam_policy", "aws_iam_policy_attachment", "aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_user", "aws_iam_user_policy", "aws_iam_group", "aws_instance", "aws_launch_configuration", "aws_launch_template", "aws_spot_instance_request", "aws_ebs_volume", "aws_efs_file_system", "aws_ecs_service"], split(".", address)[0])], ["aws_security_group.port_rules_instances", "aws_security_group.port_rules_load_balancer", "aws_vpc_security_group_ingress_rule.port_rules_http", "aws_vpc_security_group_ingress_rule.port_rules_instances_from_load_balancer", "aws_vpc_security_group_ingress_rule.port_rules_ssh", "aws_iam_role.instance_role", "aws_iam_role_policy_attachment.instance_role_ecs", "aws_iam_role_policy_attachment.instance_role_session_manager", "aws_launch_template.launch_template"])) == 0 && var.ssh_public_key != null
    error_message = "A resource was added that these tests do not check. Check its ports, permissions, encryption and size here, and add its address to this list."
  }

  assert {
    condition     = length(setsubtract([for port in regexall("hostPort[\\\\\"]*\\s*[=:]\\s*([\\w.]+)", join("\n", [for name in fileset(".", "*.{tf,tf.json}") : file(name)])) : port[0]], [])) == 0 && var.ssh_public_key != null
    error_message = "A container has a host port that these tests do not list. Use 0 for a port in the range of the agent, or check that the port is outside the range and that the security groups admit it, and add it to this list."
  }
}

run "opens_ssh_in_no_other_rule" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = alltrue([for rule in values(aws_vpc_security_group_ingress_rule.port_rules_http) : rule.from_port > 22 || rule.to_port < 22])
    error_message = "Only the rule for SSH may open port 22."
  }
}

run "keeps_ssh_closed_by_default" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.port_rules_ssh) == 0
    error_message = "SSH must be closed by default."
  }
}

run "opens_ssh_only_to_the_given_networks" {
  command         = plan
  expect_failures = [check.instances_registered]

  assert {
    condition     = toset([for rule in values(aws_vpc_security_group_ingress_rule.port_rules_ssh) : coalesce(rule.cidr_ipv4, rule.cidr_ipv6)]) == toset(["203.0.113.0/24", "2001:db8::/48"])
    error_message = "SSH must be open to the given networks, and to no others."
  }

  assert {
    condition     = alltrue([for rule in values(aws_vpc_security_group_ingress_rule.port_rules_ssh) : rule.from_port == 22 && rule.to_port == 22])
    error_message = "The rule for SSH must open only port 22."
  }

  variables {
    ssh_cidrs = ["203.0.113.0/24", "2001:db8::/48"]
  }
}

run "rejects_ssh_from_the_whole_internet" {
  command         = plan
  expect_failures = [var.ssh_cidrs, check.instances_registered]

  variables {
    ssh_cidrs = ["0.0.0.0/0"]
  }
}
