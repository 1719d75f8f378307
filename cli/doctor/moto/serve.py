"""
Answers calls of AWS by moto: each line of stdin is one, as JSON, and a line of stdout its answer. Nothing listens on a port, and when
stdin closes, because whoever started it is gone, it ends.
"""

import copy
import gc
import io
import json
import sys
from functools import cache
from urllib.parse import urlsplit

# What moto prints would be taken for an answer.
answers, sys.stdout = sys.stdout, sys.stderr
# It lives for seconds, and most of what is loaded stays: looking for garbage would take a tenth of the time.
gc.disable()

import boto3  # noqa: E402
from botocore.loaders import Loader  # noqa: E402

# Half of the time that moto takes to load goes into what is read again and again, or never asked for.
# Each session reads AWS's regions anew:
boto3.Session = cache(boto3.Session)
# Each loader looks through the folders of all services:
all_services = Loader.list_available_services
services = cache(lambda type_name: all_services(Loader(), type_name))
Loader.list_available_services = lambda _, type_name: services(type_name)

from moto.utilities import utils  # noqa: E402

# The types of instances that each zone of each region offers, in two hundred files:
load_resource = utils.load_resource
utils.load_resource = lambda path: [] if "instance_type_offerings" in path else load_resource(path)

from moto.core import responses  # noqa: E402

# Each call lists its service's actions:
responses.method_names_from_class = cache(responses.method_names_from_class)

from moto.core.base_backend import BackendDict  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.test import run_wsgi_app  # noqa: E402


class Application(DomainDispatcherApplication):
    """Moto's own, which looks through its folders at each call to learn what a host stands for."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.backends: dict = {}

    def get_backend_for_host(self, host):
        if host not in self.backends:
            self.backends[host] = super().get_backend_for_host(host)
        return self.backends[host]


application = Application()


def call(method: str, url: str, headers: dict, body: str) -> dict:
    """One call, by the same way as through moto's own server, without its HTTP."""
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
    """What stays itself in a copy of the state, by identity: what holds the state, and may be referred to by any part of it."""
    holders: list = [*BackendDict._instances]
    holders += [account for services in BackendDict._instances for account in services.values()]
    return {id(holder): holder for holder in [*holders, *backends()]}


def backends() -> list:
    return [backend for services in BackendDict._instances for _, _, backend in services.iter_backends()]


kept: list = []


def keep() -> None:
    """Remembers all that there is."""
    kept[:] = [backends(), copy.deepcopy([backend.__dict__ for backend in backends()], known())]


def restore() -> None:
    """Puts all back to what was kept."""
    holders, states = kept
    for holder, state in zip(holders, copy.deepcopy(states, known())):
        holder.__dict__ = state


for line in sys.stdin:
    asked = json.loads(line)
    answer = {"keep": keep, "restore": restore}[asked["do"]]() if "do" in asked else call(**asked)
    print(json.dumps(answer), file=answers, flush=True)
