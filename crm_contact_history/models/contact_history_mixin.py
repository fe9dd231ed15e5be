from odoo import api, models


class ContactHistoryMixin(models.AbstractModel):
    """A model whose records are contacts with a customer."""

    _name = "contact.history.mixin"
    _description = "Source of the Contact History"

    @api.model
    def _contact_history_specs(self):
        """How the records of this model enter the history.

        :rtype: list[HistorySpec]
        """
        return []

    def _contact_history_render(self):
        """What the history shows of each record. Called on records the user may read.

        :return: ``{record_id: {"title": str, "text": str, "amount": str | False}}``. Optional keys: ``status``
            (str, a short word shown as a badge) and ``document`` (``(model, id)`` to open instead of the record)
        """
        return {record.id: {"title": record.display_name, "text": "", "amount": False} for record in self}
