from . import contact_history_entry, contact_history_mixin, contact_lookup_mixin, res_partner
