{
    "name": "Contact History",
    "summary": "One history of every contact with a customer; find him by anything",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm", "sale", "phone_validation"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/contact_history_groups.xml",
        "security/ir.model.access.csv",
        "security/contact_history_rules.xml",
        "data/ir_cron.xml",
        "data/crm_touchpoint_channel_data.xml",
        "data/crm_touchpoint_outcome_data.xml",
        "views/res_partner_views.xml",
        "views/crm_touchpoint_views.xml",
        "views/crm_touchpoint_settings_views.xml",
        "views/contact_history_menus.xml",
        "views/contact_history_record_menus.xml",
    ],
    "demo": [
        "demo/res_partner_demo.xml",
        "demo/res_users_demo.xml",
        "demo/sale_order_demo.xml",
        "demo/mail_message_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_contact_history/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_contact_history/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
