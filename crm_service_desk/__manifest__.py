{
    "name": "Service Desk",
    "summary": "Complaint tickets with deadlines, from the first word to the remedy",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_contact_history", "rating", "portal_rating", "resource", "loyalty"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/service_desk_groups.xml",
        "security/ir.model.access.csv",
        "security/service_desk_rules.xml",
        "data/mail_message_subtype_data.xml",
        "data/mail_template_data.xml",
        "data/service_stage_data.xml",
        "data/service_team_data.xml",
        "views/service_ticket_views.xml",
        "views/service_setup_views.xml",
        "views/res_partner_views.xml",
        "views/service_desk_menus.xml",
        "views/portal_templates.xml",
    ],
    "demo": [
        "demo/service_category_demo.xml",
        "demo/service_team_demo.xml",
        "demo/service_ticket_demo.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "crm_service_desk/static/src/portal/*",
        ],
        "web.assets_tests": [
            "crm_service_desk/static/tests/tours/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
