from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Contacts that are one person were perhaps greeted on the same day: all that stays. One row counts for the day,
        best one that was sent; the others are kept as duplicates, and what is only planned of them is not sent.
        """
        self.env["loyalty.greeting"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE loyalty_greeting greeting
                   SET is_duplicate = TRUE,
                       reason = CASE WHEN state IN ('planned', 'to_print') THEN 'merged' ELSE reason END,
                       state = CASE WHEN state IN ('planned', 'to_print') THEN 'skipped' ELSE state END
                  FROM (SELECT id, ROW_NUMBER() OVER (
                                   PARTITION BY occasion_id, date
                                   ORDER BY ARRAY_POSITION(ARRAY['sent', 'to_print', 'planned'], state::text),
                                            partner_id <> %(stays)s, id) AS place
                          FROM loyalty_greeting
                         WHERE partner_id = ANY(%(partners)s) AND is_duplicate IS NOT TRUE) ranked
                 WHERE ranked.id = greeting.id AND ranked.place > 1
                """,
                stays=dst_partner.id,
                partners=(src_partners | dst_partner).ids,
            )
        )
        self.env["loyalty.greeting"].invalidate_model()
        return super()._update_foreign_keys(src_partners, dst_partner)
