"""
Answers calls to AWS with moto. Each line of stdin is a call as JSON, and each line of stdout is its answer. Opens no port, and exits
when stdin closes.
"""

import copy
import gc
import io
import json
import sys
import threading
from functools import cache
from urllib.parse import urlsplit

# Moto must not print to stdout, where the answers go.
answers, sys.stdout = sys.stdout, sys.stderr
# The process runs for seconds. Garbage collection would take a tenth of the time.
gc.disable()

import boto3  # noqa: E402
from botocore.loaders import Loader  # noqa: E402

# These patches halve the time that moto needs to load.
# Each session reads the regions again:
boto3.Session = cache(boto3.Session)
# Each loader lists the folders of all services:
all_services = Loader.list_available_services
services = cache(lambda type_name: all_services(Loader(), type_name))
Loader.list_available_services = lambda _, type_name: services(type_name)

from moto.utilities import utils  # noqa: E402

# The instance types in each Availability Zone are in two hundred files:
load_resource = utils.load_resource
utils.load_resource = lambda path: [] if "instance_type_offerings" in path else load_resource(path)

from moto.core import responses  # noqa: E402

# Each call lists the actions of its service:
responses.method_names_from_class = cache(responses.method_names_from_class)

from moto.core.base_backend import BackendDict  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from moto.ssm.models import ParameterDict  # noqa: E402
from werkzeug.test import run_wsgi_app  # noqa: E402


class Application(DomainDispatcherApplication):
    """Moto's application, which otherwise lists its folders in each call to find the service of a host."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.backends: dict = {}

    def get_backend_for_host(self, host):
        if host not in self.backends:
            self.backends[host] = super().get_backend_for_host(host)
        return self.backends[host]


application = Application()


def call(method: str, url: str, headers: dict, body: str) -> dict:
    """Answers one call like moto's server, without HTTP."""
    data = body.encode()
    path = urlsplit(url)
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": path.path, "QUERY_STRING": path.query, "SCRIPT_NAME": ""}
    environ |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"}
    environ |= {"CONTENT_TYPE": headers.get("content-type", ""), "CONTENT_LENGTH": str(len(data))}
    environ |= {"wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(data), "wsgi.errors": sys.stderr}
    chunks, status, answered = run_wsgi_app(application, environ)
    return {"status": int(status.split()[0]), "headers": dict(answered), "body": b"".join(chunks).decode()}


def known() -> dict:
    """Returns the objects that a copy of the state must not copy, by identity: the holders of the state, to which its parts can refer."""
    holders: list = [*BackendDict._instances]
    holders += [account for services in BackendDict._instances for account in services.values()]
    return {id(holder): holder for holder in [*holders, *backends()]}


def backends() -> list:
    return [backend for services in BackendDict._instances for _, _, backend in services.iter_backends()]


# Queues have locks, which cannot be copied. One call runs at a time, so that copies can share them.
copy._deepcopy_dispatch[type(threading.RLock())] = lambda lock, memo: lock



def copy_parameters(parameters: ParameterDict, memo: dict) -> ParameterDict:
    """Copies parameters, which cannot be created without arguments."""
    copied = ParameterDict.__new__(ParameterDict)
    memo[id(parameters)] = copied
    copied.__dict__ = copy.deepcopy(parameters.__dict__, memo)
    copied.default_factory = parameters.default_factory
    copied.update(copy.deepcopy(dict(parameters), memo))
    return copied


ParameterDict.__deepcopy__ = copy_parameters

kept: list = []


def keep() -> None:
    """Saves the state."""
    kept[:] = [backends(), copy.deepcopy([backend.__dict__ for backend in backends()], known())]


def restore() -> None:
    """Restores the saved state."""
    holders, states = kept
    for holder, state in zip(holders, copy.deepcopy(states, known())):
        holder.__dict__ = state


for line in sys.stdin:
    request = json.loads(line)
    answer = {"keep": keep, "restore": restore}[request["do"]]() if "do" in request else call(**request)
    print(json.dumps(answer), file=answers, flush=True)
