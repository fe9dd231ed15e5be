{
    "name": "Contact History: SMS",
    "summary": "Text messages in the history of a contact",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_contact_history", "sms"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
