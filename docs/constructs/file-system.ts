// FileSystem
// JSON: aws_efs_file_system.files: encrypted
// JSON: aws_vpc_security_group_ingress_rule.files_from_instances: security_group_id, referenced_security_group_id, ip_protocol, from_port, to_port
// JSON: aws_ecs_task_definition.wiki_task_definition: volume

import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, FileSystem } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
const files = new FileSystem(stack, "files", { name: "wiki", vpc: stack.vpc, portRules: stack.portRules });
new Ec2Service(stack, "wiki", {
  cluster: stack,
  volumes: { uploads: { fileSystem: files.fileSystemId } },
  mountPoints: { "/var/www/uploads": "uploads" },
});
app.synth();
