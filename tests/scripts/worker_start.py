"""In a process of its own: load a registry, and tell as JSON what that took. Arguments: configuration, database."""

import dataclasses
import json
import sys

import odoo
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect

odoo.tools.config.parse_config(["-c", sys.argv[1], "-d", sys.argv[2], "--no-http", "--log-level=error"])
db_connect(sys.argv[2]).cursor().close()
before = odoo.sql_db.sql_counter
Registry.new(sys.argv[2])
ours = [module for name, module in list(sys.modules.items()) if name.startswith("odoo.addons.crm_")]
found = {
    "statements": odoo.sql_db.sql_counter - before,
    "modules": sorted(sys.modules),
    "dataclasses": sorted(
        {
            f"{value.__module__}.{value.__name__}"
            for module in ours
            for value in vars(module).values()
            if isinstance(value, type) and dataclasses.is_dataclass(value)
        }
    ),
}
print(json.dumps(found))  # noqa: T201
