# First what the other files extend.
from . import contact_history_entry, contact_history_mixin, contact_lookup_mixin

# isort: split
from . import (
    account_move,
    account_payment,
    calendar_event,
    contact_history_arguments,
    contact_history_page,
    contact_history_portal,
    contact_history_read,
    contact_history_rebuild,
    contact_history_render,
    crm_lead,
    crm_touchpoint_channel,
    mail_activity,
    mail_message,
    mail_notification,
    res_partner,
    res_partner_front_desk,
    res_partner_lookup,
    sale_order,
)
