from odoo import api, models


class ContactLookupMixin(models.AbstractModel):
    """A model by which a customer can be found."""

    _name = "contact.lookup.mixin"
    _description = "Source of the Customer Look-up"

    @api.model
    def _contact_lookup_specs(self):
        """By which fields of this model a customer is found.

        :rtype: list[LookupSpec]
        """
        return []
