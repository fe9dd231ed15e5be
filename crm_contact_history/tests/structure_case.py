"""A structural test for any addon, in three lines:

    from odoo.addons.crm_contact_history.tests.structure_case import AddonStructureCase

    class TestStructure(AddonStructureCase):
        addon = "crm_loyalty"

It finds the addon's models, fields, views, menus and actions by introspection and tries each: every view renders for
every group, every button answers on no record, every menu opens for the groups that see it, every compute works on an
empty recordset, every filter filters, every job runs. What is tried is written down in the names of the tests.
"""

from .structure_actions import ActionStructure
from .structure_models import ModelStructure
from .structure_views import ViewStructure


class AddonStructureCase(ModelStructure, ViewStructure, ActionStructure):
    """Set `addon`; `names_allowed` takes the few field names that break the rule, each with its reason."""

    __test__ = False
