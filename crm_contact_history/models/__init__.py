from . import (
    contact_history_entry,
    contact_history_mixin,
    contact_history_page,
    contact_history_rebuild,
    contact_lookup_mixin,
    crm_touchpoint_channel,
    mail_message,
    mail_notification,
    res_partner,
    res_partner_front_desk,
    res_partner_lookup,
    sale_order,
)
