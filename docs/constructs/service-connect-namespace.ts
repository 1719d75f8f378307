// ServiceConnectNamespace
// JSON: aws_service_discovery_http_namespace.namespace: name
// JSON: aws_ecs_service.users: service_connect_configuration

import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, ServiceConnectNamespace } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name: "shop" });
new Ec2Service(stack, "users", { cluster: stack, containerPort: 3000, serviceConnect: { namespace } });
app.synth();
