"""The files for a real server agree with each other, with Odoo, and with what the manifests ask for."""

import ast
import configparser
import re

import yaml
from odoo.tools.config import configmanager

from tools import paths

COMPOSE = yaml.safe_load((paths.ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (paths.ROOT / "Dockerfile").read_text()
CONF = configparser.ConfigParser(interpolation=None)
CONF.read(paths.ROOT / "odoo.conf")
OPTIONS = dict(CONF["options"])
ODOO = COMPOSE["services"]["odoo"]
INSTALL = COMPOSE["services"]["install"]


def manifest(addon):
    return ast.literal_eval((paths.ROOT / addon / "__manifest__.py").read_text())


def test_every_option_of_the_configuration_is_one_that_odoo_knows():
    known = set(configmanager().options_index)
    assert not set(OPTIONS) - known


def test_the_options_commented_out_are_ones_that_odoo_knows_too():
    known = set(configmanager().options_index)
    commented = re.findall(r"(?m)^; (\w+) = ", (paths.ROOT / "odoo.conf").read_text())
    assert commented
    assert not set(commented) - known


def test_the_configuration_is_meant_for_a_public_server():
    assert int(OPTIONS["workers"]) > 1
    assert OPTIONS["proxy_mode"] == "True"
    assert OPTIONS["list_db"] == "False"
    assert int(OPTIONS["limit_memory_soft"]) < int(OPTIONS["limit_memory_hard"])
    assert int(OPTIONS["limit_time_cpu"]) <= int(OPTIONS["limit_time_real"])


def test_no_password_is_written_down():
    assert "db_password" not in OPTIONS
    assert "admin_passwd" not in OPTIONS
    for service in ("db", "odoo", "install"):
        for name, value in COMPOSE["services"][service]["environment"].items():
            assert "PASSWORD" not in name or value.startswith("${")


def test_every_addon_is_in_the_image_where_the_configuration_looks_for_it():
    for addon in paths.ADDONS:
        assert re.search(rf"(?m)^COPY \S+ {addon} {OPTIONS['addons_path']}/{addon}$", DOCKERFILE)


def test_the_image_is_the_official_one_of_the_release_we_build_for():
    assert re.search(r"(?m)^FROM odoo:19\.0$", DOCKERFILE)
    assert all(manifest(addon)["version"].startswith("19.0.") for addon in paths.ADDONS)


def test_the_image_installs_what_the_manifests_need_in_the_version_that_is_tested():
    needed = {
        name for addon in paths.ADDONS for name in manifest(addon).get("external_dependencies", {}).get("python", [])
    }
    installed = dict(re.findall(r"(\w+)==([\w.]+)", DOCKERFILE))
    pinned = dict(re.findall(r"(?m)^(\w+)==([\w.]+)$", (paths.ROOT / "requirements" / "odoo.txt").read_text()))
    assert needed
    assert {name: installed.get(name) for name in needed} == {name: pinned.get(name) for name in needed}


def test_compose_and_configuration_name_the_same_database_server_and_user():
    assert OPTIONS["db_host"] in COMPOSE["services"]
    assert ODOO["environment"]["HOST"] == OPTIONS["db_host"]
    assert (
        ODOO["environment"]["USER"] == OPTIONS["db_user"] == COMPOSE["services"]["db"]["environment"]["POSTGRES_USER"]
    )
    assert str(ODOO["environment"]["PORT"]) == OPTIONS["db_port"]


def test_compose_publishes_the_ports_that_the_configuration_opens():
    published = {mapping.rsplit(":", 1)[1] for mapping in ODOO["ports"]}
    assert published == {OPTIONS["http_port"], OPTIONS["gevent_port"]}


def test_compose_installs_the_addons_into_the_database_that_is_served():
    command = INSTALL["command"]
    assert command[command.index("-d") + 1] == OPTIONS["db_name"]
    installed, todo = set(), [command[command.index("-i") + 1]]
    while todo:
        addon = todo.pop()
        installed.add(addon)
        todo += [name for name in manifest(addon)["depends"] if name in paths.ADDONS]
    assert installed == set(paths.ADDONS)
    assert ODOO["depends_on"]["install"]["condition"] == "service_completed_successfully"


def test_files_and_data_survive_a_new_container():
    volumes = {mapping.split(":")[1] for mapping in ODOO["volumes"]}
    assert OPTIONS["data_dir"] in volumes
    assert any(mapping.startswith("./odoo.conf:/etc/odoo/odoo.conf") for mapping in ODOO["volumes"])


def test_the_workers_connections_fit_into_the_server():
    flags = dict(flag.split("=") for flag in COMPOSE["services"]["db"]["command"] if "=" in flag)
    processes = int(OPTIONS["workers"]) + int(OPTIONS["max_cron_threads"]) + 1
    assert processes * int(OPTIONS["db_maxconn"]) <= int(flags["max_connections"])
