# First what the other files extend.
from . import contact_history_entry, contact_history_mixin, contact_lookup_mixin

# isort: split
from . import (
    account_move,
    account_payment,
    calendar_event,
    contact_history_arguments,
    contact_history_page,
    contact_history_read,
    contact_history_rebuild,
    contact_history_render,
    crm_lead,
    crm_touchpoint,
    crm_touchpoint_channel,
    crm_touchpoint_history,
    crm_touchpoint_import,
    crm_touchpoint_log,
    crm_touchpoint_outcome,
    invoice_lookup,
    mail_activity,
    mail_message,
    mail_notification,
    res_partner,
    res_partner_front_desk,
    res_partner_front_desk_actions,
    res_partner_front_desk_sections,
    res_partner_incoming_call,
    res_partner_last_contacts,
    res_partner_lookup,
    res_partner_touchpoint,
    sale_order,
)
